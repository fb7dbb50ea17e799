using System.CommandLine;
using AtcFhir.Validation;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir rule [RULE]</c>: what a rule checks, what decides, an example that fails and how to mend it; without a rule the list of all.</summary>
internal static class RuleVerb
{
    private static readonly Argument<string?> Rule = new("rule") { Arity = ArgumentArity.ZeroOrOne, Description = "The id that an issue names, ATC-V050." };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("rule", "Explain a rule of the validator, or list them all.") { Rule };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        if (arguments.GetValue(Rule) is not { } id)
        {
            foreach (var (known, meaning) in RulePage.Rules)
            {
                Console.WriteLine($"{known}  {meaning}");
            }

            return ExitCode.Done;
        }

        if (RulePage.Of(id.ToUpperInvariant()) is not { } page)
        {
            Console.Error.WriteLine($"There is no rule {id}; 'atcfhir rule' lists them.");
            return ExitCode.CouldNotRun;
        }

        Console.Write(page);
        return ExitCode.Done;
    }
}
