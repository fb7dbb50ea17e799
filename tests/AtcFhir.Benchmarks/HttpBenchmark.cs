using System.Globalization;

namespace AtcFhir.Benchmarks;

/// <summary>
/// The published server (tests/AtcFhir.EndToEnd/prepare.sh) under 64 connections of <c>wrk</c>, on either engine and on data sets of several sizes: reads and
/// searches against a bare Kestrel endpoint that returns the same bytes; durable creates and transactions of a hundred, with base R4 validation, against
/// the bare insert on that engine (one writer, groups of 64, body and version rows only, the same durability).
/// </summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Each">Counted things a request.</param>
/// <param name="Writes">True works on a copy of the data, up to a size.</param>
/// <param name="WarmUp">Seconds in which the code is compiled; writes use more of it, and readers go on until the rate climbs no more.</param>
internal sealed record HttpBenchmark(string Name, string Unit, int Each, bool Writes, int WarmUp, Func<int, string> Script)
{
    public const string Bare = "bare";

    private const int Seconds = 4;
    private const int Entries = 100;
    private const int MostRepeats = 20;

    /// <summary>A server that is that much faster than a warm-up before is not warm yet.</summary>
    private const double Climbing = 1.04;

    /// <summary>A data set of that size grows by a few percent while it is measured, and is not copied.</summary>
    private const int Large = 1_000_000;

    public static IReadOnlyList<HttpBenchmark> All { get; } =
    [
        new("http-read", "reads/s", 1, false, 4, Wrk.Read),
        new("http-search", "searches/s", 1, false, 4, Wrk.Search),
        new("http-create", "creates/s", 1, true, 16, Wrk.Create),
        new("http-transaction", "resources/s", Entries, true, 16, size => Wrk.Transaction(size, Entries)),
    ];

    /// <summary>The comparison on one engine: the yardstick, then each size.</summary>
    public Benchmark On(Engine engine, IReadOnlyList<int> sizes) => new(
        $"{Name} {engine.Name}", Unit, [Bare, .. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))], side => Measure(engine, side));

    /// <summary>Loads the data, and keeps for the bare endpoint what the server answers.</summary>
    public async Task Prepare(Engine engine, IReadOnlyList<int> sizes)
    {
        foreach (var size in sizes)
        {
            await DataSet.Ensure(engine, size);
            engine.Warm(DataSet.NameOf(size));
        }

        if (!Writes)
        {
            await using var server = ServerProcess.Of(engine, DataSet.NameOf(sizes[0]));
            await server.Ready();
            await File.WriteAllBytesAsync(AnswerFile, await server.Get(Name == "http-read"
                ? $"/fhir/Observation/{DataSet.ObservationId(0)}"
                : $"/fhir/Observation?subject=Patient/{DataSet.PatientId(0)}&code=http://loinc.org|{DataSet.CodeOf(0)}&_count=10"));
        }
    }

    private Task<double> Measure(Engine engine, string side) => side switch
    {
        Bare when Writes => Task.FromResult(engine == Engine.Sqlite ? BareInsert.Sqlite() : BareInsert.Postgres(engine)),
        Bare => Served(ServerProcess.Bare(AnswerFile), 10_000),
        _ => OnData(engine, int.Parse(side, CultureInfo.InvariantCulture)),
    };

    /// <summary>What the server answers to one such request, for the bare endpoint.</summary>
    private string AnswerFile => Path.Combine(Engine.Folder, Name + ".json");

    private async Task<double> OnData(Engine engine, int size)
    {
        var database = DataSet.NameOf(size);
        if (Writes && size < Large)
        {
            database += "_copy";
            engine.Copy(DataSet.NameOf(size), database);
        }

        try
        {
            return await Served(ServerProcess.Of(engine, database), size);
        }
        finally
        {
            if (database != DataSet.NameOf(size))
            {
                engine.Drop(database);
            }
        }
    }

    private async Task<double> Served(ServerProcess starting, int size)
    {
        await using var server = starting;
        await server.Ready();
        var rate = await Wrk.Run(server.Address, Script(size), WarmUp);
        for (var repeats = 0; !Writes && repeats < MostRepeats; repeats++)
        {
            // Each of PostgreSQL's processes meets the pages of a large table one by one.
            var before = rate;
            rate = await Wrk.Run(server.Address, Script(size), WarmUp);
            if (rate < Climbing * before)
            {
                break;
            }
        }

        return Each * await Wrk.Run(server.Address, Script(size), Seconds);
    }
}
