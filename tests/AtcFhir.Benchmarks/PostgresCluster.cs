using System.Diagnostics;

namespace AtcFhir.Benchmarks;

/// <summary>
/// A PostgreSQL of our own, from Debian's package, with fsync on and the rest as it comes, but for memory and the distance of checkpoints. It keeps its
/// databases from run to run and runs as long as the benchmark does.
/// </summary>
internal sealed class PostgresCluster : IDisposable
{
    /// <summary>A quarter of the memory. <see href="https://www.postgresql.org/docs/15/runtime-config-resource.html#GUC-SHARED-BUFFERS"/></summary>
    private static long Buffers => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    private static readonly string Settings = string.Create(
        CultureInfo.InvariantCulture,
        $"-c listen_addresses= -c max_connections=100 -c fsync=on -c synchronous_commit=on -c shared_buffers={Buffers >> 20}MB -c max_wal_size=4GB -c max_locks_per_transaction=256");

    private readonly string folder = Path.Combine(Engine.Folder, "postgres");
    private readonly string bin = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin";

    private PostgresCluster()
    {
        if (!Directory.Exists(Path.Combine(folder, "data")))
        {
            Directory.CreateDirectory(folder);
            Run("chown", ["postgres", folder]);
            AsPostgres($"{bin}/initdb -D {folder}/data -E UTF8 --no-locale -A trust -U atcfhir");
        }

        AsPostgres($"{bin}/pg_ctl -D {folder}/data -l {folder}/log -w start -o '{Settings} -c unix_socket_directories={folder}'");
        Engine.Cluster = $"Host={folder};Username=atcfhir;Database=postgres";
    }

    /// <summary>Null when the engine needs none, or another process has started it.</summary>
    public static PostgresCluster? For(Engine engine) => engine == Engine.Postgres && Engine.Cluster is null ? new PostgresCluster() : null;

    public void Dispose() => AsPostgres($"{bin}/pg_ctl -D {folder}/data -m fast -w stop");

    /// <summary>It refuses to run as root.</summary>
    private static void AsPostgres(string command)
    {
        if (Environment.UserName == "root")
        {
            Run("su", ["postgres", "-s", "/bin/bash", "-c", command]);
        }
        else
        {
            Run("/bin/bash", ["-c", command]);
        }
    }

    private static void Run(string program, string[] arguments)
    {
        // What it prints goes nowhere: a server that inherits a pipe would hold it open.
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "exec \"$@\" >/dev/null 2>&1", "run", program, .. arguments]))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
