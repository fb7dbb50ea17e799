using System.CommandLine;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using AtcFhir.Sync;
using Microsoft.Extensions.Configuration;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir store check|reindex|backup|restore</c>: on the store of the configuration, while the server runs (but for restore).</summary>
internal static class StoreVerbs
{
    private static readonly Argument<string> File = new("file") { Description = "The backup." };
    private static readonly Option<string> Database = new("--database") { Description = "Connection string of the database, such as 'Data Source=data/keys.db'; the store of the configuration by default." };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace a database that is there. No server may use it." };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var check = new Command("check", "Derive every index row, hash, count and the audit chain again from the bodies, and compare.");
        check.SetAction(Check);
        var reindex = new Command("reindex", "Derive the index of everything that is stored again, and write what differs.");
        reindex.SetAction(Reindex);
        var backup = new Command("backup", "Write a copy of the database as it is now to a new file.") { File, Database };
        backup.SetAction(Backup);
        var restore = new Command("restore", "Put a backup in the place of the database.") { File, Database, Force };
        restore.SetAction(Restore);
        return new Command("store", "The trial's database.") { check, reindex, backup, restore };
    }

    private static async Task<int> Check(ParseResult arguments, CancellationToken cancel)
    {
        await using var store = Open();
        if (store is not IStoreMaintenance maintenance)
        {
            return NotHere();
        }

        var report = await maintenance.Check(cancel);
        foreach (var fault in report.Faults)
        {
            Console.Error.WriteLine(fault);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Resources} resources, {report.Versions} versions, {report.IndexRows} index rows, {report.AuditRows} audit rows: {report.FaultCount} faults"));
        return report.FaultCount == 0 ? ExitCode.Done : ExitCode.Invalid;
    }

    private static async Task<int> Reindex(ParseResult arguments, CancellationToken cancel)
    {
        await using var store = Open();
        var reindexed = await Reindexing.Run(store, [.. (await store.Statistics(cancel)).Keys], cancel);
        if (!reindexed.TryGet(out var count, out var failure))
        {
            Console.Error.WriteLine(failure.Issues[0].Text);
            return ExitCode.Invalid;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} resources were indexed again"));
        return ExitCode.Done;
    }

    private static async Task<int> Backup(ParseResult arguments, CancellationToken cancel)
    {
        var (file, source) = (arguments.GetValue(File)!, arguments.GetValue(Database) ?? Configured());
        if (System.IO.File.Exists(file))
        {
            return CouldNot($"{file} is there already.");
        }

        if (SqliteFile.PathOf(source) is not { } database)
        {
            return NotHere();
        }

        if (!System.IO.File.Exists(database))
        {
            return CouldNot($"There is no database {Path.GetFullPath(database)}. --database names another one; otherwise it is Store:ConnectionString, in the environment (Store__ConnectionString) or in appsettings.json of the current folder.");
        }

        await SqliteFile.Copy(source, file, cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {new FileInfo(file).Length} bytes"));
        return ExitCode.Done;
    }

    private static async Task<int> Restore(ParseResult arguments, CancellationToken cancel)
    {
        var (file, target) = (arguments.GetValue(File)!, arguments.GetValue(Database) ?? Configured());
        if (SqliteFile.PathOf(target) is not { } database)
        {
            return NotHere();
        }

        if (!System.IO.File.Exists(file))
        {
            return CouldNot($"There is no file {Path.GetFullPath(file)}.");
        }

        if (System.IO.File.Exists(database) && !arguments.GetValue(Force))
        {
            return CouldNot($"{database} is there; --force replaces it. No server may use it meanwhile.");
        }

        if (await SqliteFile.FaultOf(file, cancel) is { } fault)
        {
            return CouldNot($"{file} is no sound backup: {fault}");
        }

        SqliteFile.Replace(database, file);
        Console.WriteLine($"{database} is the backup {file} now");
        return ExitCode.Done;
    }

    private static IResourceStore Open() => ConfiguredStore.OpenExisting(ConfiguredStore.Configuration());

    private static string Configured() => ConfiguredStore.ConnectionString(ConfiguredStore.Configuration());

    private static int NotHere() => CouldNot("This is for SQLite; of PostgreSQL take pg_dump and pg_restore.");

    private static int CouldNot(string why)
    {
        Console.Error.WriteLine(why);
        return ExitCode.CouldNotRun;
    }
}
