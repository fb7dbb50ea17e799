using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AtcFhir.Benchmarks;

/// <summary>The load generator: one thread, 64 connections, requests made by a script.</summary>
internal static partial class Wrk
{
    /// <summary>Requests a second.</summary>
    public static async Task<double> Run(Uri address, string script, int seconds)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script);
            using var process = Process.Start(new ProcessStartInfo("wrk", ["-t1", "-c64", "--timeout", "30s", $"-d{seconds}s", "-s", file, address.ToString()]) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal)
                ? throw new InvalidOperationException("wrk saw failures: " + output)
                : double.Parse(RequestsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Observations of the data set, at random.</summary>
    public static string Read(int size) => Get($"return string.format('GET /fhir/Observation/o%08d HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n', math.random(0, {size - 1}))");

    /// <summary>Ten entries of a patient and a code, at random.</summary>
    public static string Search(int size) => Get(
        $$"""
        return string.format('GET /fhir/Observation?subject=Patient/p%07d&code=http://loinc.org|%s&_count=10 HTTP/1.1\r\nHost: localhost\r\n\r\n',
            math.random(0, {{DataSet.Patients(size) - 1}}), codes[math.random(1, {{DataSet.Codes}})])
        """);

    /// <summary>One Observation a request.</summary>
    public static string Create(int size) => Post("/fhir/Observation", "", DataSet.Observation(null, "#P#", "6690-2", "#V#"), "", 1, size);

    /// <summary>A hundred Observations a request.</summary>
    public static string Transaction(int size, int entries) => Post(
        "/fhir",
        """{"resourceType":"Bundle","type":"transaction","entry":[""",
        $$$"""{"fullUrl":"urn:uuid:00000000-0000-4000-8000-00000000#N#","resource":{{{DataSet.Observation(null, "#P#", "6690-2", "#V#")}}},"request":{"method":"POST","url":"Observation"}}""",
        "]}",
        entries,
        size);

    private static string Get(string request) =>
        $$"""
        local codes = { {{string.Join(", ", Enumerable.Range(0, DataSet.Codes).Select(index => $"'{DataSet.CodeOf(index)}'"))}} }
        init = function() math.randomseed(os.time()) end
        request = function()
          {{request}}
        end
        """;

    /// <summary>The pieces of the request stand ready and the values have a fixed width, so that the generator costs little beside what it loads.</summary>
    private static string Post(string path, string start, string item, string end, int items, int size) =>
        $$"""
        local item = [==[{{item}}]==]
        local pieces, places = {}, {}
        local function add(text) pieces[#pieces + 1] = text end
        local function value(kind) add('') places[#places + 1] = { at = #pieces, kind = kind } end
        init = function()
          math.randomseed(os.time())
          add([==[{{start}}]==])
          for number = 1, {{items}} do
            if number > 1 then add(',') end
            local rest = item:gsub('#N#', string.format('%04d', number))
            while true do
              local before, kind, after = rest:match('^(.-)#([PV])#(.*)$')
              if not before then break end
              add(before) value(kind)
              rest = after
            end
            add(rest)
          end
          add([==[{{end}}]==])
          local length = 0
          for _, piece in ipairs(pieces) do length = length + #piece end
          length = length + 8 * #places
          table.insert(pieces, 1, 'POST {{path}} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/fhir+json\r\nContent-Length: ' .. length .. '\r\n\r\n')
          for _, place in ipairs(places) do place.at = place.at + 1 end
        end
        request = function()
          for _, place in ipairs(places) do
            if place.kind == 'P' then pieces[place.at] = string.format('p%07d', math.random(0, {{DataSet.Patients(size) - 1}}))
            else pieces[place.at] = string.format('%d.%05d', math.random(10, 90), math.random(0, 99999)) end
          end
          return table.concat(pieces)
        end
        """;

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RequestsPerSecond();
}
