using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AtcFhir.Benchmarks;

/// <summary>What the benchmarks over HTTP have measured last, as a table for docs/performance.md and as docs/performance-size.svg.</summary>
internal static class SizePlot
{
    private const int Width = 640;
    private const int Height = 300;
    private const int Left = 60;
    private const int Right = 440;
    private const int Top = 20;
    private const int Bottom = 250;
    private const double Highest = 1.25;

    private static readonly string[] Colours = ["#1b6ca8", "#c0392b", "#2e7d32", "#8e5aa8"];

    private static string FileOf(string benchmark) => Path.Combine(Engine.Folder, $"results {benchmark}.json");

    /// <param name="numbers">Of each side, one a round.</param>
    public static void Save(string benchmark, IReadOnlyDictionary<string, List<double>> numbers)
        => File.WriteAllText(FileOf(benchmark), JsonSerializer.Serialize(numbers));

    public static void Draw()
    {
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        foreach (var level in (double[])[0, 0.25, 0.5, 0.75, 1, Highest])
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Y(level):0.#}H{Right}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(level) + 4:0.#}\" text-anchor=\"end\">{level:0.00}</text>");
        }

        foreach (var (size, label) in ((int, string)[])[(10_000, "10,000"), (100_000, "100,000"), (1_000_000, "1,000,000")])
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(size):0.#}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{label}</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 38}\" text-anchor=\"middle\">resources; rate as a part of that at 10,000</text>");
        var line = 0;
        foreach (var (http, engine) in HttpBenchmark.All.SelectMany(http => Engine.All.Select(engine => (http, engine))))
        {
            if (Read($"{http.Name} {engine.Name}") is { } sides)
            {
                Line(svg, HttpBenchmark.All.ToList().IndexOf(http), engine, http, sides, line++);
            }
        }

        svg.AppendLine("</svg>");
        File.WriteAllText(Path.Combine("docs", "performance-size.svg"), svg.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>One row a benchmark, one column a size: rate, ratio to the yardstick, how many times slower than at the first size.</summary>
    public static void Table()
    {
        foreach (var (http, engine) in HttpBenchmark.All.SelectMany(http => Engine.All.Select(engine => (http, engine))))
        {
            if (Read($"{http.Name} {engine.Name}") is not { } sides)
            {
                continue;
            }

            var yardstick = sides[HttpBenchmark.Bare];
            var cells = sides.Where(side => side.Key != HttpBenchmark.Bare).Select(side =>
            {
                var ratios = side.Value.Zip(yardstick, (rate, bare) => rate / bare).Order().ToList();
                return string.Create(CultureInfo.InvariantCulture, $"{side.Key}: {Median(side.Value):0}/s, {Median(ratios):0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})");
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {http.Name} {engine.Name} | {Median(yardstick):0}/s | {string.Join(" | ", cells)} |"));
        }
    }

    private static void Line(StringBuilder svg, int index, Engine engine, HttpBenchmark http, Dictionary<string, List<double>> sides, int legend)
    {
        var points = sides.Where(side => side.Key != HttpBenchmark.Bare)
            .Select(side => (Size: int.Parse(side.Key, CultureInfo.InvariantCulture), Rate: Median(side.Value))).OrderBy(point => point.Size).ToList();
        var path = string.Join('L', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Size):0.#} {Y(Math.Min(Highest, point.Rate / points[0].Rate)):0.#}")));
        var stroke = $"fill=\"none\" stroke=\"{Colours[index]}\" stroke-width=\"2\"{(engine == Engine.Postgres ? " stroke-dasharray=\"6 4\"" : "")}";
        var y = Top + 10 + (legend * 20);
        svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{path}\" {stroke}/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{Right + 20} {y}h30\" {stroke}/><text x=\"{Right + 56}\" y=\"{y + 4}\">{http.Name["http-".Length..]}, {engine.Name}</text>");
    }

    private static Dictionary<string, List<double>>? Read(string benchmark)
        => File.Exists(FileOf(benchmark)) ? JsonSerializer.Deserialize<Dictionary<string, List<double>>>(File.ReadAllText(FileOf(benchmark))) : null;

    private static double Median(List<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);

    private static double X(int size) => Left + ((Right - Left) * (Math.Log10(size) - 4) / 2);

    private static double Y(double part) => Bottom - ((Bottom - Top) * part / Highest);
}
