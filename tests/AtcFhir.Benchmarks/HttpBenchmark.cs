using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace AtcFhir.Benchmarks;

/// <summary>
/// The published server (tests/AtcFhir.EndToEnd/prepare.sh) under 64 connections of <c>wrk</c>, one thread, four seconds a round after two (creates: eight) in which the code is compiled: reads by id against a bare
/// Kestrel endpoint that returns the same bytes; durable creates of distinct Observations with base R4 validation against the bare insert of the store.
/// </summary>
internal static partial class HttpBenchmark
{
    private const int Port = 5480;

    public static Benchmark Read { get; } = new("http-read", "requests/s", ["bare Kestrel", "read"], side => Measure(side, ReadLoad));

    public static Benchmark Create { get; } = new("http-create", "creates/s", ["bare insert", "create"], async side =>
        side == "bare insert" ? await BareInsert() : await Measure(side, CreateLoad));

    /// <summary>About 1.3 KB, as a laboratory result is.</summary>
    public static byte[] Observation(string id) => Encoding.UTF8.GetBytes($$$"""
        {"resourceType":"Observation","id":"{{{id}}}","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:00.000Z"},"status":"final",
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"6690-2","display":"Leukocytes [#/volume] in Blood by Automated count"}],"text":"Leukocytes"},
        "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-01-01T08:30:00+01:00","issued":"2026-01-01T10:15:00.000+01:00",
        "performer":[{"reference":"Organization/radboudumc","display":"Laboratory"}],
        "valueQuantity":{"value":7.2,"unit":"10*9/L","system":"http://unitsofmeasure.org","code":"10*9/L"},
        "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N","display":"Normal"}]}],
        "referenceRange":[{"low":{"value":4.0,"unit":"10*9/L","system":"http://unitsofmeasure.org","code":"10*9/L"},
        "high":{"value":10.0,"unit":"10*9/L","system":"http://unitsofmeasure.org","code":"10*9/L"},"text":"4.0 to 10.0"}]}
        """);

    private static async Task<double> Measure(string side, Func<Uri, string, Task<double>> load)
    {
        var folder = Directory.CreateTempSubdirectory("atcfhir-bench-").FullName;
        var address = new Uri($"http://127.0.0.1:{Port}");
        var start = side == "bare Kestrel"
            ? new ProcessStartInfo(Environment.ProcessPath!) { ArgumentList = { "--bare-kestrel", Port.ToString(CultureInfo.InvariantCulture) } }
            : new ProcessStartInfo(Path.GetFullPath(Path.Combine("artifacts", "server", "AtcFhir.Server")));
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.Environment["Urls"] = address.ToString();
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Sandbox__Enabled"] = "false";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        using var server = Process.Start(start)!;
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            await WaitFor(http);
            if (side == "bare Kestrel")
            {
                return await load(address, folder);
            }

            using var body = new ByteArrayContent(Observation("read-me"));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
            (await http.PutAsync("/fhir/Observation/read-me", body)).EnsureSuccessStatusCode();
            return await load(address, folder);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WaitFor(HttpClient http)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            try
            {
                if ((await http.GetAsync("/healthz/ready")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException("The server did not become ready.");
    }

    private static async Task<double> ReadLoad(Uri address, string folder)
    {
        var url = new Uri(address, "/fhir/Observation/read-me").ToString();
        await Wrk(["-t1", "-c64", "-d2s", url]);
        return await Wrk(["-t1", "-c64", "-d4s", url]);
    }

    private static async Task<double> CreateLoad(Uri address, string folder)
    {
        var script = Path.Combine(folder, "create.lua");
        var body = Encoding.UTF8.GetString(Observation("ID")).Replace("\"id\":\"ID\",", "", StringComparison.Ordinal).ReplaceLineEndings("");
        await File.WriteAllTextAsync(script, $$"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/fhir+json"
            local body = [==[{{body}}]==]
            body = body:gsub('Patient/p1', 'Patient/p####'):gsub('"value":7.2', '"value":VV.VVVVV')
            local head, between, tail
            init = function()
              -- Places of fixed width: the request is formatted once, so that the generator costs little beside what it loads.
              head, between, tail = wrk.format(nil, nil, nil, body):match('^(.-)####(.-)VV%.VVVVV(.*)$')
            end
            request = function()
              return string.format('%s%04d%s%d.%05d%s', head, math.random(1, 1000), between, math.random(10, 90), math.random(0, 99999), tail)
            end
            """);
        var url = new Uri(address, "/fhir/Observation").ToString();
        await Wrk(["-t1", "-c64", "-d8s", "-s", script, url]);
        return await Wrk(["-t1", "-c64", "-d4s", "-s", script, url]);
    }

    private static async Task<double> Wrk(string[] arguments)
    {
        var output = await Output("wrk", arguments);
        return output.Contains("Non-2xx", StringComparison.Ordinal)
            ? throw new InvalidOperationException("wrk saw failures: " + output)
            : double.Parse(RequestsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<double> BareInsert()
    {
        var output = await Output(Environment.ProcessPath!, ["store", "bare"]);
        return double.Parse(output.Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static async Task<string> Output(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RequestsPerSecond();
}
