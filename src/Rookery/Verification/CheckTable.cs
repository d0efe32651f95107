namespace Rookery.Verification;

/// <summary>A table that repeats another one, row by row.</summary>
internal sealed class CheckTable(IDerivedTables tables, DerivedTable table, string name) : ICheck
{
    private const int Batch = 1_000;

    public string Name => name;

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(name) { Compared = await tables.CountAsync(table, token) };
        var differences = await tables.DifferencesAsync(
            table,
            repair ? Batch : int.MaxValue,
            token
        );
        while (differences.Count > 0)
        {
            foreach (var difference in differences)
            {
                tally.Differs(InWords(difference));
            }

            var repaired = repair ? await tables.RepairAsync(table, differences, token) : 0;
            tally.Repaired += repaired;
            // Without progress the same rows would come again for ever.
            differences = repaired > 0 ? await tables.DifferencesAsync(table, Batch, token) : [];
        }

        return tally.Report();
    }

    private static string InWords(RowDifference difference) =>
        $"({difference.First}, {difference.Second}) {(difference.Missing ? "is missing" : "should not be there")}";
}
