namespace AtcFhir.EndToEnd.Running;

/// <summary>
/// A PostgreSQL cluster of the test's own, which it may kill; made by the programs that Debian installs. Without fsync, since what processes wrote outlives
/// them; only a power cut would need it.
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly string folder;
    private readonly string programs;

    private PrivatePostgres(string folder, string programs) => (this.folder, this.programs) = (folder, programs);

    public string ConnectionString => $"Host={folder};Username=atcfhir;Database=postgres";

    /// <summary>The settings of a server or command that keeps its data here.</summary>
    public (string Name, string Value)[] Settings => [("Store__Engine", "postgres"), ("Store__ConnectionString", ConnectionString)];

    /// <param name="tablespaceMegabytes">Tables stand on a disk of that size; null for the disk of the folder.</param>
    public static async Task<PrivatePostgres> Start(int? tablespaceMegabytes = null)
    {
        var programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).LastOrDefault() : null;
        Assert.SkipUnless(programs is not null && File.Exists(Path.Combine(programs, "initdb")), "Needs the programs of PostgreSQL (Debian: postgresql).");
        var folder = Directory.CreateTempSubdirectory("atcfhir-pg-").FullName;
        var postgres = new PrivatePostgres(folder, programs);
        if (Environment.UserName == "root")
        {
            await Run("chown", ["postgres", folder]);
        }

        await postgres.Call("initdb", "-D", postgres.Data, "-E", "UTF8", "--no-locale", "-A", "trust", "-U", "atcfhir");
        string[] start = ["-D", postgres.Data, "-l", Path.Combine(folder, "log"), "-w", "-o", postgres.Options, "start"];
        if (tablespaceMegabytes is not { } size)
        {
            await postgres.Call("pg_ctl", start);
            return postgres;
        }

        // A disk that only this cluster sees. Whoever is not root would be root there, as which PostgreSQL does not run.
        Assert.SkipUnless(Environment.UserName == "root", "Needs root, to mount a small disk for a PostgreSQL that runs as somebody else.");
        var disk = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
        var script = Path.Combine(folder, "start.sh");
        await File.WriteAllTextAsync(script, $"mount -t tmpfs -o size={size}m tmpfs {disk} && chown postgres {disk} && exec runuser -u postgres -- {Path.Combine(programs, "pg_ctl")} \"$@\"");
        await Run("unshare", ["-m", "sh", script, .. start]);
        await postgres.Execute($"CREATE TABLESPACE small LOCATION '{disk}'");
        await postgres.Execute("ALTER DATABASE postgres SET default_tablespace = small");
        return postgres;
    }

    /// <summary>Every process of it is killed at once; it recovers from its log, as after a crash.</summary>
    public Task CrashAndRestart() => Call("pg_ctl", "-D", Data, "-l", Path.Combine(folder, "log"), "-w", "-t", "300", "-m", "immediate", "restart");

    /// <summary>As an administrator does it: sessions are told and ended, and everything is on the disk.</summary>
    public Task Restart() => Call("pg_ctl", "-D", Data, "-l", Path.Combine(folder, "log"), "-w", "-t", "300", "-m", "fast", "restart");

    public Task Stop() => Call("pg_ctl", "-D", Data, "-t", "300", "-m", "immediate", "stop");

    /// <summary>After <see cref="Stop"/>: with the options of the first start.</summary>
    public Task StartAgain() => Call("pg_ctl", "-D", Data, "-l", Path.Combine(folder, "log"), "-w", "-t", "300", "-o", Options, "start");

    /// <summary>Runs SQL, for faults that only an administrator can make.</summary>
    public Task Execute(string sql) => Run(Path.Combine(programs, "psql"), Query(sql));

    private async Task<bool> TryExecute(string sql) => (await ChildProcess.Run(Path.Combine(programs, "psql"), Query(sql), "/")).ExitCode == 0;

    private string[] Query(string sql) => ["-h", folder, "-U", "atcfhir", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", sql];

    /// <summary>Takes what is left of the small disk.</summary>
    public async Task Fill()
    {
        await Execute("CREATE TABLE ballast(x text)");
        while (await TryExecute("INSERT INTO ballast SELECT repeat(md5(n::text), 30) FROM generate_series(1, 200) n"))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(folder, recursive: true);
    }

    private string Options => $"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c shared_buffers=64MB";

    private string Data => Path.Combine(folder, "data");

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private Task Call(string program, params string[] arguments)
        => Environment.UserName == "root" ? Run("runuser", ["-u", "postgres", "--", Path.Combine(programs, program), .. arguments]) : Run(Path.Combine(programs, program), arguments);

    private static async Task Run(string program, string[] arguments)
    {
        var (exitCode, output, error) = await ChildProcess.Run(program, arguments, "/");
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {output} {error}");
    }
}
