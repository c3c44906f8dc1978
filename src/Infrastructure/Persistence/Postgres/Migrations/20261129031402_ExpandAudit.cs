using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OAuthMcp.Infrastructure.Persistence.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ExpandAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Audit",
                schema: "oauthmcp",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    IsRoutine = table.Column<bool>(type: "boolean", nullable: false),
                    What = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Decision = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Act = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ClientId = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Subject = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Actor = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Scope = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ErrorCode = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    TraceId = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Peer = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_IsRoutine_At",
                schema: "oauthmcp",
                table: "Audit",
                columns: new[] { "IsRoutine", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Audit",
                schema: "oauthmcp");
        }
    }
}
