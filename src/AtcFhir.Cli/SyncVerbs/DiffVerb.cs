using System.CommandLine;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary>
/// <c>atcfhir sync diff</c>: what the next push would do, without asking the hospital; with a reference, the three versions of a conflict.
/// </summary>
internal static class DiffVerb
{
    private static readonly Argument<string?> Reference = new("reference") { Arity = ArgumentArity.ZeroOrOne, Description = "A resource in conflict, such as AdverseEvent/12: its elements as agreed, at the trial and at the hospital." };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("diff", "What the next push would do, as the store knows it; or the versions of a conflict.") { Reference, Shared.Hospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = await Exchange.Open();
        var hospital = arguments.GetValue(Shared.Hospital)!;
        return arguments.GetValue(Reference) is { } reference
            ? await Compare(exchange, hospital, reference, arguments.GetValue(Shared.Json), cancel)
            : await Preview(exchange, hospital, arguments.GetValue(Shared.Json), cancel);
    }

    private static async Task<int> Compare(Exchange exchange, string hospital, string reference, bool json, CancellationToken cancel)
    {
        var elements = await exchange.Conflicts.CompareAsync(hospital, reference, cancel);
        if (json)
        {
            Shared.WriteJson(elements);
        }
        else
        {
            foreach (var element in elements)
            {
                Console.WriteLine(element.Element);
                Console.WriteLine("  agreed    " + (element.Before ?? "-"));
                Console.WriteLine("  trial     " + (element.Trial ?? "-"));
                Console.WriteLine("  hospital  " + (element.Hospital ?? "-"));
            }
        }

        if (elements.Count == 0)
        {
            Console.Error.WriteLine($"There is no conflict about {reference}.");
        }

        return elements.Count == 0 ? ExitCode.Invalid : ExitCode.Done;
    }

    private static async Task<int> Preview(Exchange exchange, string hospital, bool json, CancellationToken cancel)
    {
        var previewed = await exchange.Pass.PreviewAsync(hospital, cancel);
        if (!previewed.TryGet(out var pending, out var failure))
        {
            return Shared.Fail(failure);
        }

        if (json)
        {
            Shared.WriteJson(pending);
            return ExitCode.Done;
        }

        foreach (var delivery in pending.Where(delivery => delivery.What != "unchanged"))
        {
            Console.WriteLine($"{delivery.What,-28} {delivery.Reference}{(delivery.Elements.Count == 0 ? "" : ": " + string.Join(", ", delivery.Elements))}");
        }

        Shared.WriteLine($"{pending.Count} resources, {pending.Count(delivery => delivery.What == "unchanged")} unchanged");
        return ExitCode.Done;
    }
}
