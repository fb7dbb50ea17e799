using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using Npgsql;

namespace AtcFhir.Benchmarks;

/// <summary>
/// A number of Observations of 1.3 KB, no two alike, a hundred of each patient in eight codes, so that a patient has a dozen of a code at every size. They are
/// loaded through the store once and kept.
/// </summary>
internal static class DataSet
{
    public const int Codes = 8;

    private const int ObservationsEach = 100;
    private const int BatchSize = 500;

    private static readonly string[] Loinc = ["6690-2", "89247-1", "1988-5", "26499-4", "8867-4", "29463-7", "8310-5", "718-7"];

    public static string NameOf(int size) => $"size{size}";

    public static int Patients(int size) => Math.Max(1, size / ObservationsEach);

    public static string ObservationId(int number) => number.ToString("'o'00000000", CultureInfo.InvariantCulture);

    public static string CodeOf(int index) => Loinc[index];

    /// <summary>About 1.3 KB, as a laboratory result is; on one line.</summary>
    /// <param name="id">Null for a resource that has none yet.</param>
    public static string Observation(string? id, string patient, string code, string value)
    {
        var named = id is null ? "" : $"\"id\":\"{id}\",";
        return $$$"""
            {"resourceType":"Observation",{{{named}}}"status":"final",
            "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],
            "code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}","display":"Leukocytes [#/volume] in Blood by Automated count"}],"text":"Leukocytes"},
            "subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2026-01-01T08:30:00+01:00","issued":"2026-01-01T10:15:00.000+01:00",
            "performer":[{"display":"Laboratory"}],
            "valueQuantity":{"value":{{{value}}},"unit":"10*9/L","system":"http://unitsofmeasure.org","code":"10*9/L"},
            "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N","display":"Normal"}]}],
            "referenceRange":[{"low":{"value":4.0,"unit":"10*9/L","system":"http://unitsofmeasure.org","code":"10*9/L"},
            "high":{"value":10.0,"unit":"10*9/L","system":"http://unitsofmeasure.org","code":"10*9/L"},"text":"4.0 to 10.0"}]}
            """.ReplaceLineEndings("");
    }

    public static byte[] Observation(int size, int number) => Encoding.UTF8.GetBytes(Observation(
        ObservationId(number), PatientId(number % Patients(size)), Loinc[number / Patients(size) % Codes],
        string.Create(CultureInfo.InvariantCulture, $"{10 + (number % 80)}.{number * 7919L % 100_000:D5}")));

    public static string PatientId(int number) => number.ToString("'p'0000000", CultureInfo.InvariantCulture);

    /// <summary>Loads it unless it is there.</summary>
    public static async Task Ensure(Engine engine, int size)
    {
        if (engine.Exists(NameOf(size)))
        {
            return;
        }

        var loading = NameOf(size) + "_loading";
        engine.Create(loading);
        await using (var store = ResourceStore.Open(new StoreOptions { Engine = engine.Store, ConnectionString = engine.ConnectionString(loading) }))
        {
            await Load(store, Enumerable.Range(0, Patients(size)).Select(number => Encoding.UTF8.GetBytes($$"""{"resourceType":"Patient","id":"{{PatientId(number)}}"}""")));
            await Load(store, Enumerable.Range(0, size).Select(number => Observation(size, number)));
        }

        if (engine == Engine.Postgres)
        {
            using var connection = new NpgsqlConnection(engine.ConnectionString(loading) + ";Pooling=false;Command Timeout=0");
            connection.Open();
            using var vacuum = new NpgsqlCommand("VACUUM ANALYZE", connection);
            vacuum.ExecuteNonQuery();
        }

        engine.Copy(loading, NameOf(size));
        engine.Drop(loading);
    }

    private static Task Load(IResourceStore store, IEnumerable<byte[]> bodies) => Parallel.ForEachAsync(
        bodies.Chunk(BatchSize),
        new ParallelOptions { MaxDegreeOfParallelism = 4 },
        async (chunk, cancel) =>
        {
            var documents = chunk.Select(body => ResourceDocument.Parse(body).Value).ToList();
            var writes = documents.Select(document => ResourceWrite.Create(store.Prepare(document, document.Id)));
            var result = await store.Commit(WriteBatch.Of(new AuditEntry("bench", "load", "0"), [.. writes]), cancel);
            documents.ForEach(document => document.Dispose());
            if (!result.Committed)
            {
                throw new InvalidOperationException(result.Failure!.Issues[0].Text);
            }
        });
}
