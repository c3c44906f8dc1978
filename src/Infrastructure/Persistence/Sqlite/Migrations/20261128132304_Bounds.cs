using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OAuthMcp.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Bounds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Family",
                table: "RefreshTokens",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Generation",
                table: "RefreshTokens",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "LastGrantEndedAt",
                table: "Clients",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "UsedOnce",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsedOnce", x => new { x.Kind, x.Id });
                });

            // What was used stays used: ended sessions and passkey states were kept as assertions of clients of these names.
            migrationBuilder.Sql("""
                INSERT INTO "UsedOnce" ("Kind", "Id", "ExpiresAt")
                SELECT
                    CASE "ClientId" WHEN 'session' THEN 'Session' WHEN 'passkey' THEN 'Passkey' ELSE 'Assertion' END,
                    CASE WHEN "ClientId" IN ('session', 'passkey') THEN "JwtId" ELSE "ClientId" || ' ' || "JwtId" END,
                    "ExpiresAt"
                FROM "UsedAssertions"
                """);

            migrationBuilder.DropTable(
                name: "UsedAssertions");

            migrationBuilder.CreateIndex(
                name: "IX_RevokedAccessTokens_ExpiresAt",
                table: "RevokedAccessTokens",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_RefreshTokens_Family",
                table: "RefreshTokens",
                column: "Family",
                filter: "\"Family\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_RevokedAt",
                table: "Grants",
                column: "RevokedAt",
                filter: "\"RevokedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationRequests_ClientId",
                table: "AuthorizationRequests",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationCodes_ExpiresAt",
                table: "AuthorizationCodes",
                column: "ExpiresAt",
                filter: "\"RedeemedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_UsedOnce_ExpiresAt",
                table: "UsedOnce",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "UsedOnce");

            migrationBuilder.DropIndex(
                name: "IX_RevokedAccessTokens_ExpiresAt",
                table: "RevokedAccessTokens");

            migrationBuilder.DropIndex(
                name: "IX_RefreshTokens_Family",
                table: "RefreshTokens");

            migrationBuilder.DropIndex(
                name: "IX_Grants_RevokedAt",
                table: "Grants");

            migrationBuilder.DropIndex(
                name: "IX_AuthorizationRequests_ClientId",
                table: "AuthorizationRequests");

            migrationBuilder.DropIndex(
                name: "IX_AuthorizationCodes_ExpiresAt",
                table: "AuthorizationCodes");

            migrationBuilder.DropColumn(
                name: "Family",
                table: "RefreshTokens");

            migrationBuilder.DropColumn(
                name: "Generation",
                table: "RefreshTokens");

            migrationBuilder.DropColumn(
                name: "LastGrantEndedAt",
                table: "Clients");

            migrationBuilder.CreateTable(
                name: "UsedAssertions",
                columns: table => new
                {
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    JwtId = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsedAssertions", x => new { x.ClientId, x.JwtId });
                });
        }
    }
}
