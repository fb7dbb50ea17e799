using System.Text;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>The options of a question. Few are compared one by one, which allocates nothing; many are looked up, so that as many answers cost no more each.</summary>
internal sealed class AnswerOptions
{
    private const int Few = 16;

    private readonly AnswerOption[] options;
    private readonly Lazy<Lookup> lookup;

    public AnswerOptions(AnswerOption[] options)
    {
        this.options = options;
        lookup = new(() => new Lookup(options));
    }

    public int Count => options.Length;

    public string[] TypeNames => [.. options.Select(option => option.TypeName).Distinct()];

    public bool Contain(Node value) => options.Length <= Few ? Array.Exists(options, option => option.Is(value)) : lookup.Value.Has(value);

    /// <summary>The same question as <see cref="AnswerOption.Is"/>, put to all at once.</summary>
    private sealed class Lookup
    {
        private readonly HashSet<(string? System, string? Code)> codings = [];
        private readonly HashSet<string?> codes = [];
        private readonly HashSet<string?> codesOfAnySystem = [];
        private readonly HashSet<(string Type, string? Text)> others = [];

        public Lookup(AnswerOption[] options)
        {
            foreach (var option in options)
            {
                var (system, code, text) = (Text(option.System), Text(option.Code), Text(option.Text));
                if (option.TypeName != "Coding")
                {
                    others.Add((option.TypeName, text));
                    continue;
                }

                codes.Add(code);
                codings.Add((system, code));
                if (system is null)
                {
                    codesOfAnySystem.Add(code);
                }
            }
        }

        public bool Has(Node value) => value.Type.Name switch
        {
            "Coding" => value.Child("code").Text is var code && (value.Child("system").Text is { } system ? codings.Contains((system, code)) || codesOfAnySystem.Contains(code) : codes.Contains(code)),
            "Reference" => others.Contains(("Reference", value.Child("reference").Text)),
            var type => others.Contains((type, value.Text)),
        };

        private static string? Text(byte[]? utf8) => utf8 is null ? null : Encoding.UTF8.GetString(utf8);
    }
}
