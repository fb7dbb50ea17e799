using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Xml;
using CsCheck;

namespace AtcFhir.Tests.R4.Xml;

public sealed class FhirXmlFuzzTests
{
    private static readonly string[] Pieces =
        ["<", ">", "/>", "</", "\"", "&", "&#0;", "&#xFFFE;", "&lt;", "<![CDATA[", "]]>", "<!--", "-->", "<?x ?>", "<!DOCTYPE a>", "xmlns=\"\"", " xmlns:a=\"b\"", "\0", "\uFFFF", "é", " id=\"x\"", "<div>", "<extension url=\"u\">"];

    /// <summary>A hospital may send anything: the answer is a document or a failure, never an exception, and positions lie within the text.</summary>
    [Fact]
    public void NothingThatComesInThrows()
    {
        var texts = R4Examples.All.Where(example => example.Utf8.Length < 4_000).Take(150)
            .Select(example => Encoding.UTF8.GetString(FhirXml.ToUtf8(ResourceDocument.Parse(example.Utf8).Value))).ToArray();
        Gen.Int[0, texts.Length - 1].Select(Gen.Int, Gen.Int[1, 6]).Sample((index, seed, edits) =>
        {
            var mutated = Mutate(texts[index], new Random(seed), edits);
            var lines = mutated.Split('\n').Length;
            var result = ResourceDocument.ParseXml(Encoding.UTF8.GetBytes(mutated));
            var issues = result.Succeeded ? result.Value.Issues : result.Failure!.Issues;
            return (result.Succeeded || issues.Count > 0) && issues.All(issue => issue.Line is >= 1 && issue.Line <= lines + 1 && issue.Column >= 1 && issue.Rule is not null);
        }, iter: 2_000);
    }

    /// <summary>What was read, whatever is wrong with it, can be written and read again.</summary>
    [Fact]
    public void WhatWasReadCanBeWritten()
    {
        var texts = R4Examples.All.Where(example => example.Utf8.Length < 4_000).Take(150).Select(example => Encoding.UTF8.GetString(example.Utf8)).ToArray();
        Gen.Int[0, texts.Length - 1].Select(Gen.Int, Gen.Int[1, 3]).Sample((index, seed, edits) =>
        {
            var result = ResourceDocument.Parse(Encoding.UTF8.GetBytes(Mutate(texts[index], new Random(seed), edits)));
            return !result.Succeeded || ResourceDocument.ParseXml(FhirXml.ToUtf8(result.Value)).Succeeded;
        }, iter: 2_000);
    }

    private static string Mutate(string text, Random random, int edits)
    {
        var mutated = new StringBuilder(text);
        for (; edits > 0 && mutated.Length > 10; edits--)
        {
            var at = random.Next(mutated.Length);
            switch (random.Next(4))
            {
                case 0:
                    mutated.Remove(at, Math.Min(random.Next(1, 20), mutated.Length - at));
                    break;
                case 1:
                    mutated.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    var length = Math.Min(random.Next(1, 60), mutated.Length - at);
                    mutated.Insert(random.Next(mutated.Length), mutated.ToString(at, length));
                    break;
                default:
                    mutated[at] = (char)random.Next(32, 127);
                    break;
            }
        }

        return mutated.ToString();
    }
}
