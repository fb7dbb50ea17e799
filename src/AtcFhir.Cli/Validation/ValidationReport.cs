namespace AtcFhir.Cli.Validation;

/// <summary>Writes the results of a run to standard output, one resource after the other.</summary>
internal abstract class ValidationReport
{
    /// <summary>The report of that name, or null.</summary>
    public static ValidationReport? For(string name, bool isQuiet = false) => name switch
    {
        "text" => new TextReport(Console.Out, useColour: !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null, isQuiet),
        "json" => new OutcomeReport(Console.OpenStandardOutput()),
        "ndjson" => new NdjsonReport(Console.Out),
        "sarif" => new SarifReport(Console.OpenStandardOutput()),
        "junit" => new JUnitReport(Console.OpenStandardOutput()),
        _ => null,
    };

    public virtual void Start()
    {
    }

    public abstract void Add(Validated validated);

    public virtual void End()
    {
    }
}
