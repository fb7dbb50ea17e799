using System.CommandLine;
using System.CommandLine.Parsing;

namespace AtcFhir.Cli;

/// <summary>What stands on the command line and means nothing there, in words that say what would.</summary>
internal static class UnknownWords
{
    /// <summary>One sentence; null when there is nothing to say.</summary>
    public static string? Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (MeantAsOption(parsed) is { } option)
        {
            var options = string.Join(", ", command.Options.Select(known => known.Name).Order(StringComparer.Ordinal));
            return $"{command.Name} has no option {option}{(options.Length == 0 ? "" : "; it has " + options)}.";
        }

        if (command.Subcommands.Count == 0 || command.Action is not null)
        {
            return null;
        }

        var commands = string.Join(", ", command.Subcommands.Select(known => known.Name));
        return parsed.UnmatchedTokens is [var word, ..]
            ? $"There is no command '{word}'; there are {commands}."
            : parsed.Errors.Count > 0 ? $"Say which command: {commands}." : null;
    }

    /// <summary>An unknown option would be taken for a file or an expression; behind a -- it is one.</summary>
    private static string? MeantAsOption(ParseResult parsed)
        => parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value is ['-', '-', var letter, ..] && char.IsAsciiLetter(letter))?.Value;
}
