using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OAuthMcp.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Nodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // SQLite cannot drop a foreign key. EF would rebuild the table outside of the transaction, and a stop would leave half of it.
            migrationBuilder.Sql(
                """
                ALTER TABLE "FailedSignIns" RENAME TO "FormerFailedSignIns";
                CREATE TABLE "FailedSignIns" (
                    "Subject" TEXT NOT NULL,
                    "Place" TEXT NOT NULL,
                    "Count" INTEGER NOT NULL,
                    "Lockouts" INTEGER NOT NULL,
                    "LockedUntil" INTEGER NULL,
                    "LastAt" INTEGER NOT NULL,
                    CONSTRAINT "PK_FailedSignIns" PRIMARY KEY ("Subject", "Place")
                );
                INSERT INTO "FailedSignIns" SELECT "Subject", "Place", "Count", "Lockouts", "LockedUntil", "LastAt" FROM "FormerFailedSignIns";
                DROP TABLE "FormerFailedSignIns";
                CREATE INDEX "IX_FailedSignIns_LastAt" ON "FailedSignIns" ("LastAt");
                """);

            migrationBuilder.CreateTable(
                name: "FailureCounts",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Peer = table.Column<string>(type: "TEXT", nullable: false),
                    Minute = table.Column<long>(type: "INTEGER", nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FailureCounts", x => new { x.Kind, x.Peer, x.Minute });
                });

            migrationBuilder.CreateTable(
                name: "ProtocolSessions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Opening = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProtocolSessions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Revocations",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Revocations", x => x.Number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_FailureCounts_Minute",
                table: "FailureCounts",
                column: "Minute");

            migrationBuilder.CreateIndex(
                name: "IX_ProtocolSessions_ExpiresAt",
                table: "ProtocolSessions",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_ProtocolSessions_Subject_ExpiresAt",
                table: "ProtocolSessions",
                columns: new[] { "Subject", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Revocations_At",
                table: "Revocations",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FailureCounts");

            migrationBuilder.DropTable(
                name: "ProtocolSessions");

            migrationBuilder.DropTable(
                name: "Revocations");

            migrationBuilder.AddForeignKey(
                name: "FK_FailedSignIns_AspNetUsers_Subject",
                table: "FailedSignIns",
                column: "Subject",
                principalTable: "AspNetUsers",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
        }
    }
}
