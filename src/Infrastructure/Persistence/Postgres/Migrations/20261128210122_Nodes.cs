using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OAuthMcp.Infrastructure.Persistence.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Nodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_FailedSignIns_AspNetUsers_Subject",
                schema: "oauthmcp",
                table: "FailedSignIns");

            migrationBuilder.CreateTable(
                name: "FailureCounts",
                schema: "oauthmcp",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Peer = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Minute = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FailureCounts", x => new { x.Kind, x.Peer, x.Minute });
                });

            migrationBuilder.CreateTable(
                name: "KeyRing",
                schema: "oauthmcp",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Xml = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeyRing", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "ProtocolSessions",
                schema: "oauthmcp",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Opening = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProtocolSessions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Revocations",
                schema: "oauthmcp",
                columns: table => new
                {
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Revocations", x => x.Number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_FailureCounts_Minute",
                schema: "oauthmcp",
                table: "FailureCounts",
                column: "Minute");

            migrationBuilder.CreateIndex(
                name: "IX_ProtocolSessions_ExpiresAt",
                schema: "oauthmcp",
                table: "ProtocolSessions",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_ProtocolSessions_Subject_ExpiresAt",
                schema: "oauthmcp",
                table: "ProtocolSessions",
                columns: new[] { "Subject", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Revocations_At",
                schema: "oauthmcp",
                table: "Revocations",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FailureCounts",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "KeyRing",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "ProtocolSessions",
                schema: "oauthmcp");

            migrationBuilder.DropTable(
                name: "Revocations",
                schema: "oauthmcp");

            migrationBuilder.AddForeignKey(
                name: "FK_FailedSignIns_AspNetUsers_Subject",
                schema: "oauthmcp",
                table: "FailedSignIns",
                column: "Subject",
                principalSchema: "oauthmcp",
                principalTable: "AspNetUsers",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
        }
    }
}
