using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OAuthMcp.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ExpandNodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_FailedSignIns_AspNetUsers_Subject",
                table: "FailedSignIns");

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

            migrationBuilder.CreateIndex(
                name: "IX_FailureCounts_Minute",
                table: "FailureCounts",
                column: "Minute");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FailureCounts");

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
