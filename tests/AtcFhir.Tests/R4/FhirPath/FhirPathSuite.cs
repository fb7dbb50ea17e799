using System.Xml.Linq;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;

namespace AtcFhir.Tests.R4.FhirPath;

/// <summary>One test of the public FHIRPath suite for R4 (FHIR/fhir-test-cases).</summary>
internal sealed record SuiteTest(string Name, string Expression, string? InputFile, string? Invalid, IReadOnlyList<(string? Type, string Value)> Outputs, bool IsOrdered)
{
    /// <summary>Null when our engine does what the suite wants; otherwise what it did instead.</summary>
    public string? Run(ResourceDocument? input)
    {
        var compiled = FhirPathExpression.Compile(Expression, input?.Root.Type);
        var result = compiled.Succeeded ? compiled.Value.TryEvaluate(input?.Root ?? default) : compiled.Failure!;
        if (!result.TryGet(out var items, out var failure))
        {
            return Invalid is not null ? null : failure.Issues[0].Text;
        }

        var found = items.Select(item => (Type: item.TypeName[(item.TypeName.LastIndexOf('.') + 1)..], Value: item.Text ?? "")).ToList();
        var shown = string.Join(", ", found);
        if (Invalid is not null || found.Count != Outputs.Count)
        {
            return $"[{shown}]";
        }

        var wanted = Outputs.Select(output => (output.Type, Value: Plain(output.Value))).ToList();
        if (!IsOrdered)
        {
            found.Sort((a, b) => string.CompareOrdinal(a.Value, b.Value));
            wanted.Sort((a, b) => string.CompareOrdinal(a.Value, b.Value));
        }

        return found.Zip(wanted).All(pair => Same(pair.First.Value, pair.Second.Value)
            && (pair.Second.Type is null || string.Equals(pair.First.Type, pair.Second.Type, StringComparison.OrdinalIgnoreCase)))
            ? null
            : $"[{shown}]";
    }

    // The suite writes dates as literals.
    private static string Plain(string value) => value.StartsWith("@T", StringComparison.Ordinal) ? value[2..] : value.TrimStart('@');

    // A decimal zero has no sign here.
    private static bool Same(string found, string wanted) => found == wanted || (wanted.StartsWith("-0", StringComparison.Ordinal) && wanted[1..] == found && found.Trim('0', '.').Length == 0);
}

/// <summary>Reads the suite and its inputs.</summary>
internal static class FhirPathSuite
{
    private static readonly Lazy<Dictionary<string, ResourceDocument>> Inputs = new(() => Directory.EnumerateFiles(Path.Combine(Conformance.Folder, "fhirpath"))
        .Where(file => Path.GetFileName(file) != "tests-fhir-r4.xml")
        .ToDictionary(file => Path.GetFileName(file), Read));

    public static IReadOnlyList<SuiteTest> Tests()
        => [.. XDocument.Load(Path.Combine(Conformance.Folder, "fhirpath", "tests-fhir-r4.xml")).Descendants("test").Select(Read)];

    public static ResourceDocument? Input(SuiteTest test) => test.InputFile is { } file ? Inputs.Value[file] : null;

    private static SuiteTest Read(XElement test)
    {
        var expression = test.Element("expression")!;
        return new SuiteTest(
            (string?)test.Attribute("name") ?? "",
            expression.Value,
            (string?)test.Attribute("inputfile"),
            (string?)expression.Attribute("invalid"),
            [.. test.Elements("output").Select(output => ((string?)output.Attribute("type"), output.Value))],
            (string?)test.Attribute("ordered") != "false");
    }

    private static ResourceDocument Read(string file)
        => (file.EndsWith(".xml", StringComparison.Ordinal) ? ResourceDocument.ParseXml(File.ReadAllBytes(file)) : ResourceDocument.Parse(File.ReadAllBytes(file))).Value;
}
