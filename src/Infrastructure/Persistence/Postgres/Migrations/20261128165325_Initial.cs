using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace OAuthMcp.Infrastructure.Persistence.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "oauthmcp");

            migrationBuilder.CreateTable(
                name: "AspNetUsers",
                schema: "oauthmcp",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    DisabledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    AuthenticatorKey = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    FailedSinceSignIn = table.Column<int>(type: "integer", nullable: false),
                    FailedBeforeSignIn = table.Column<int>(type: "integer", nullable: false),
                    AuthenticatorStep = table.Column<long>(type: "bigint", nullable: true),
                    UserName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    NormalizedUserName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    NormalizedEmail = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    EmailConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    PasswordHash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    SecurityStamp = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ConcurrencyStamp = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    PhoneNumber = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    PhoneNumberConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    TwoFactorEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    LockoutEnd = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LockoutEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    AccessFailedCount = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AuthorizationRequests",
                schema: "oauthmcp",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ClientId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    RedirectUri = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    State = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Scope = table.Column<string>(type: "text", nullable: false),
                    Resource = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CodeChallenge = table.Column<string>(type: "text", nullable: false),
                    Browser = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    RequiresFreshSignIn = table.Column<bool>(type: "boolean", nullable: false),
                    Provider = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ApprovedScope = table.Column<string>(type: "text", nullable: true),
                    RequiresConsent = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AnsweredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CodeSalt = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuthorizationRequests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Clients",
                schema: "oauthmcp",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    RedirectUris = table.Column<string>(type: "text", nullable: false),
                    GrantTypes = table.Column<string>(type: "text", nullable: false),
                    TokenEndpointAuthMethod = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    OtherAuthMethods = table.Column<string>(type: "text", nullable: false),
                    ApplicationType = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ClientUri = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Jwks = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    JwksUri = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    AssertionAlgorithm = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    MachineScope = table.Column<string>(type: "text", nullable: false),
                    SecretHash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DisabledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Origin = table.Column<string>(type: "text", nullable: false),
                    RegistrationTokenHash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    FreshUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastGrantEndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Clients", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Consents",
                schema: "oauthmcp",
                columns: table => new
                {
                    Subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ClientId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Scope = table.Column<string>(type: "text", nullable: false),
                    ClientDigest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    GivenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Consents", x => new { x.Subject, x.ClientId });
                });

            migrationBuilder.CreateTable(
                name: "Grants",
                schema: "oauthmcp",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ClientId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Scope = table.Column<string>(type: "text", nullable: false),
                    Resource = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Grants", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RevokedAccessTokens",
                schema: "oauthmcp",
                columns: table => new
                {
                    JwtId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RevokedAccessTokens", x => x.JwtId);
                });

            migrationBuilder.CreateTable(
                name: "SigningKeys",
                schema: "oauthmcp",
                columns: table => new
                {
                    KeyId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Algorithm = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ProtectedPrivateKey = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ActiveFrom = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SigningKeys", x => x.KeyId);
                });

            migrationBuilder.CreateTable(
                name: "UpstreamSignIns",
                schema: "oauthmcp",
                columns: table => new
                {
                    State = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Provider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Nonce = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    SealedCodeVerifier = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Browser = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    RequestId = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Then = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    LinkTo = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UpstreamSignIns", x => x.State);
                });

            migrationBuilder.CreateTable(
                name: "UsedOnce",
                schema: "oauthmcp",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsedOnce", x => new { x.Kind, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserClaims",
                schema: "oauthmcp",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    UserId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ClaimType = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ClaimValue = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserClaims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AspNetUserClaims_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalSchema: "oauthmcp",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserLogins",
                schema: "oauthmcp",
                columns: table => new
                {
                    LoginProvider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ProviderKey = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ProviderDisplayName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    UserId = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserLogins", x => new { x.LoginProvider, x.ProviderKey });
                    table.ForeignKey(
                        name: "FK_AspNetUserLogins_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalSchema: "oauthmcp",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserPasskeys",
                schema: "oauthmcp",
                columns: table => new
                {
                    CredentialId = table.Column<byte[]>(type: "bytea", nullable: false),
                    UserId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserPasskeys", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_AspNetUserPasskeys_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalSchema: "oauthmcp",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserTokens",
                schema: "oauthmcp",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    LoginProvider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Value = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserTokens", x => new { x.UserId, x.LoginProvider, x.Name });
                    table.ForeignKey(
                        name: "FK_AspNetUserTokens_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalSchema: "oauthmcp",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "FailedSignIns",
                schema: "oauthmcp",
                columns: table => new
                {
                    Subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Place = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    Lockouts = table.Column<int>(type: "integer", nullable: false),
                    LockedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FailedSignIns", x => new { x.Subject, x.Place });
                    table.ForeignKey(
                        name: "FK_FailedSignIns_AspNetUsers_Subject",
                        column: x => x.Subject,
                        principalSchema: "oauthmcp",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RecoveryCodes",
                schema: "oauthmcp",
                columns: table => new
                {
                    Subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Hash = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecoveryCodes", x => new { x.Subject, x.Hash });
                    table.ForeignKey(
                        name: "FK_RecoveryCodes_AspNetUsers_Subject",
                        column: x => x.Subject,
                        principalSchema: "oauthmcp",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "UpstreamTokens",
                schema: "oauthmcp",
                columns: table => new
                {
                    Subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Provider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    SealedAccessToken = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    SealedRefreshToken = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Scope = table.Column<string>(type: "text", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Generation = table.Column<long>(type: "bigint", nullable: false),
                    Refusals = table.Column<int>(type: "integer", nullable: false),
                    LeasedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Lease = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UpstreamTokens", x => new { x.Subject, x.Provider });
                    table.ForeignKey(
                        name: "FK_UpstreamTokens_AspNetUsers_Subject",
                        column: x => x.Subject,
                        principalSchema: "oauthmcp",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AuthorizationCodes",
                schema: "oauthmcp",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    GrantId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ClientId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    RedirectUri = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CodeChallenge = table.Column<string>(type: "text", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RedeemedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuthorizationCodes", x => x.Hash);
                    table.ForeignKey(
                        name: "FK_AuthorizationCodes_Grants_GrantId",
                        column: x => x.GrantId,
                        principalSchema: "oauthmcp",
                        principalTable: "Grants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RefreshTokens",
                schema: "oauthmcp",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Family = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Generation = table.Column<int>(type: "integer", nullable: false),
                    GrantId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ClientId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RotatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    SuccessorSalt = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RefreshTokens", x => x.Hash);
                    table.ForeignKey(
                        name: "FK_RefreshTokens_Grants_GrantId",
                        column: x => x.GrantId,
                        principalSchema: "oauthmcp",
                        principalTable: "Grants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserClaims_UserId",
                schema: "oauthmcp",
                table: "AspNetUserClaims",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserLogins_UserId",
                schema: "oauthmcp",
                table: "AspNetUserLogins",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserPasskeys_UserId",
                schema: "oauthmcp",
                table: "AspNetUserPasskeys",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "EmailIndex",
                schema: "oauthmcp",
                table: "AspNetUsers",
                column: "NormalizedEmail");

            migrationBuilder.CreateIndex(
                name: "UserNameIndex",
                schema: "oauthmcp",
                table: "AspNetUsers",
                column: "NormalizedUserName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationCodes_ExpiresAt",
                schema: "oauthmcp",
                table: "AuthorizationCodes",
                column: "ExpiresAt",
                filter: "\"RedeemedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationCodes_GrantId",
                schema: "oauthmcp",
                table: "AuthorizationCodes",
                column: "GrantId");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationRequests_ClientId",
                schema: "oauthmcp",
                table: "AuthorizationRequests",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationRequests_CreatedAt",
                schema: "oauthmcp",
                table: "AuthorizationRequests",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Clients_CreatedAt",
                schema: "oauthmcp",
                table: "Clients",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Consents_ClientId",
                schema: "oauthmcp",
                table: "Consents",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_Consents_ExpiresAt",
                schema: "oauthmcp",
                table: "Consents",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_FailedSignIns_LastAt",
                schema: "oauthmcp",
                table: "FailedSignIns",
                column: "LastAt");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_ClientId",
                schema: "oauthmcp",
                table: "Grants",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_ExpiresAt",
                schema: "oauthmcp",
                table: "Grants",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_RevokedAt",
                schema: "oauthmcp",
                table: "Grants",
                column: "RevokedAt",
                filter: "\"RevokedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_Subject_ClientId",
                schema: "oauthmcp",
                table: "Grants",
                columns: new[] { "Subject", "ClientId" });

            migrationBuilder.CreateIndex(
                name: "IX_RefreshTokens_Family",
                schema: "oauthmcp",
                table: "RefreshTokens",
                column: "Family",
                filter: "\"Family\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_RefreshTokens_GrantId",
                schema: "oauthmcp",
                table: "RefreshTokens",
                column: "GrantId");

            migrationBuilder.CreateIndex(
                name: "IX_RevokedAccessTokens_ExpiresAt",
                schema: "oauthmcp",
                table: "RevokedAccessTokens",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_UpstreamSignIns_CreatedAt",
                schema: "oauthmcp",
                table: "UpstreamSignIns",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_UsedOnce_ExpiresAt",
                schema: "oauthmcp",
                table: "UsedOnce",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AspNetUserClaims",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "AspNetUserLogins",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "AspNetUserPasskeys",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "AspNetUserTokens",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "AuthorizationCodes",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "AuthorizationRequests",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "Clients",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "Consents",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "FailedSignIns",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "RecoveryCodes",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "RefreshTokens",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "RevokedAccessTokens",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "SigningKeys",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "UpstreamSignIns",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "UpstreamTokens",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "UsedOnce",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "Grants",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "AspNetUsers",
                schema: "oauthmcp");
        }
    }
}
