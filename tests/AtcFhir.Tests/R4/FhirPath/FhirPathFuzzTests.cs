using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.FhirPath.Functions;
using CsCheck;

namespace AtcFhir.Tests.R4.FhirPath;

/// <summary>Whatever the expression and the document: a value or a failure, never an exception.</summary>
public sealed class FhirPathFuzzTests
{
    private static readonly string[] Seeds =
    [
        "Patient.name.where(use = 'official').given.first() & ' ' & family.join(',')",
        "descendants().where($this is Quantity).select(value * 2 'mg' / 3.0).aggregate($total + $this, 0)",
        "iif(birthDate <= today() - 18 years, @2015-02-04T14:34:28+10:00.toString(), {}) | 'x'.matches('^[a-z]+$')",
        "component.all(value.ofType(Quantity).exists() xor dataAbsentReason.exists()) implies %resource.id.exists().not()",
        "(1 | 2.5 | 'a' | true | @T14:30).select($index + 1).sort(-$this).tail()[0].type().name",
        "code.coding.exists(system = %loinc and code in ('1' | '2')) or contained.resolve().id ~ 'A'",
    ];

    private static readonly string[] Pieces =
    [
        .. FunctionTable.Names.Select(name => "." + name + "("), "(", ")", "[", "]", "{}", "'", "`", "\\", "$this", "$index", "$total", "%resource", "%x", "-", "+", "*", "/",
        " div ", " mod ", " is ", " as ", " in ", " contains ", " and ", " or ", " xor ", " implies ", "|", "&", "<", ">=", "=", "!~", "~", "0", "-1", "2147483648", "1.0", "1e5",
        "99999999999999999999.5", "'mg'", " days", " year", "@2015", "@2015-02-30", "@T25", "@2015-02-04T14:34:28Z", "true", "{", "//", "/*", "\u0000", "\uD800", "name", "value", "id", ",", ".",
    ];

    private static readonly Lazy<IReadOnlyList<ResourceDocument>> Documents = new(() =>
        [.. R4Examples.All.Where((_, index) => index % 40 == 0).Select(example => ResourceDocument.Parse(example.Utf8).Value)]);

    private static readonly Gen<string> Mutated = Gen.Select(
        OneOf(Seeds), Gen.Int[0, 120], Gen.Int[0, 12], OneOf(Pieces), OneOf(Pieces), Gen.Int[0, 120],
        (seed, at, cut, first, second, other) =>
        {
            at = Math.Min(at, seed.Length);
            var text = seed[..at] + first + seed[Math.Min(seed.Length, at + cut)..];
            other = Math.Min(other, text.Length);
            return text[..other] + second + text[other..];
        });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    [Fact]
    public void NeverThrowsOnMutatedExpressions()
    {
        var documents = Documents.Value;
        var context = new FhirPathContext { StepBudget = 20_000 };
        Gen.Select(Mutated, Gen.Int[0, documents.Count - 1]).Sample(
            (text, index) =>
            {
                var document = documents[index];
                var compiled = FhirPathExpression.Compile(text);
                _ = FhirPathExpression.Compile(text, document.Root.Type);
                if (compiled.Succeeded)
                {
                    _ = compiled.Value.TryEvaluate(document.Root, context);
                    _ = compiled.Value.TryPredicate(document.Root, context);
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void NeverThrowsOnDamagedDocuments()
    {
        var expressions = Seeds.Select(seed => FhirPathExpression.Compile(seed).Value).ToList();
        var sources = Documents.Value.Select(document => document.Utf8.ToArray()).Where(utf8 => utf8.Length < 20_000).ToList();
        Gen.Select(Gen.Int[0, sources.Count - 1], Gen.Int[0, 20_000], OneOf("\"", "1", "null", "[", "}", "true", "-", "\\u0000", "é")).Sample(
            (index, at, piece) =>
            {
                var source = sources[index];
                at %= source.Length;
                byte[] utf8 = [.. source.AsSpan(0, at), .. System.Text.Encoding.UTF8.GetBytes(piece), .. source.AsSpan(at + 1)];
                if (ResourceDocument.Parse(utf8).TryGet(out var document, out _))
                {
                    foreach (var expression in expressions)
                    {
                        _ = expression.TryEvaluate(document.Root);
                    }
                }
            },
            iter: 2_000);
    }

    [Theory]
    [InlineData("(", 5_000)]
    [InlineData("-", 5_000)]
    [InlineData("a.", 5_000)]
    [InlineData("a[0].where(", 2_000)]
    [InlineData("1 + ", 5_000)]
    [InlineData("not(", 5_000)]
    public void RefusesExpressionsThatNestTooDeeply(string piece, int times)
        => Assert.False(FhirPathExpression.Compile(string.Concat(Enumerable.Repeat(piece, times)) + "a").Succeeded);
}
