using System.CommandLine;
using AtcFhir.Cli.Inputs;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir fhirpath EXPRESSION FILE</c>, or <c>--batch FILE.ndjson</c> with many of them.</summary>
internal static class FhirPathVerb
{
    private static readonly Argument<string[]> Inputs = new("expression and file") { Arity = ArgumentArity.ZeroOrMore, Description = "The expression, then a resource (JSON or XML) or many (NDJSON); - for standard input." };
    private static readonly Option<string> Batch = new("--batch") { Description = "NDJSON with {\"id\", \"expression\", \"file\"} a line; answers {\"id\", \"items\"} or {\"id\", \"error\"} a line." };

    /// <summary>The definitions of R4, which are read when an expression asks for them.</summary>
    private static readonly Validator Validator = new(ConformanceSource.Official);

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("fhirpath", "Evaluate a FHIRPath expression; the answer is JSON, one object an item. Exit code 2 for an invalid expression.") { Inputs, Batch };
        command.SetAction(arguments => arguments.GetValue(Batch) is { } batch ? FhirPathBatch.Run(batch, Console.Out) : RunOne(arguments.GetValue(Inputs)!, Console.Out));
        return command;
    }

    internal static int RunOne(string[] inputs, TextWriter output)
    {
        if (inputs is not [var expression, var file])
        {
            return CouldNotRun("Give an expression and a file: atcfhir fhirpath \"Patient.name.given\" patient.json");
        }

        if (file != "-" && !System.IO.File.Exists(file))
        {
            return CouldNotRun(Directory.Exists(file) ? $"{file} is a folder; give a file." : $"There is no file {file}.");
        }

        foreach (var input in InputFiles.Read(file))
        {
            if (!input.Parse().TryGet(out var document, out var failure))
            {
                return CouldNotRun($"{input.Name}: {failure.Issues[0].Text}");
            }

            if (!Evaluate(expression, document).TryGet(out var items, out failure))
            {
                return CouldNotRun(failure.Issues[0].Text);
            }

            foreach (var item in items)
            {
                output.WriteLine(FhirPathItemJson.ToText(item));
            }
        }

        return ExitCode.Done;
    }

    public static Result<FhirPathCollection> Evaluate(string expression, ResourceDocument? document)
    {
        if (!FhirPathExpression.Compile(expression, document?.Root.Type).TryGet(out var compiled, out var failure))
        {
            return failure;
        }

        return compiled.TryEvaluate(document?.Root ?? default, document is null ? FhirPathContext.Default : Validator.ExpressionContext(document));
    }

    private static int CouldNotRun(string why)
    {
        Console.Error.WriteLine(why);
        return ExitCode.CouldNotRun;
    }
}
