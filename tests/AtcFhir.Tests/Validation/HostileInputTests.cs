using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>Damaged input ends in issues, never in an exception. The longer run, a million inputs, is done by hand with the same mutations.</summary>
public class HostileInputTests
{
    [Fact]
    public void MutatedExamplesNeverThrow()
    {
        var validator = new Validator(ConformanceSource.Official.With(FhirPackage.Open(AtcFhir.Tests.Profiles.ProfilePackage.Folder).Value));
        var random = new Random(20261124);
        var examples = R4Examples.All.Where(example => example.Utf8.Length < 20_000).ToList();
        for (var i = 0; i < 4_000; i++)
        {
            var mutated = Mutate(random, examples[random.Next(examples.Count)].Utf8, examples[random.Next(examples.Count)].Utf8);
            if (ResourceDocument.Parse(mutated).TryGet(out var document, out var failure))
            {
                Assert.All(validator.Validate(document).Issues, issue => Assert.NotEmpty(issue.Text));
            }
            else
            {
                Assert.NotEmpty(failure.Issues);
            }
        }
    }

    /// <summary>Bytes, words and pieces of another resource in the wrong place.</summary>
    private static byte[] Mutate(Random random, byte[] source, byte[] other)
    {
        var bytes = source.ToArray();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            var quote = Array.IndexOf(bytes, (byte)'"', at);
            var end = quote < 0 ? -1 : Array.IndexOf(bytes, (byte)'"', quote + 1);
            switch (random.Next(3))
            {
                case 0 when end > quote:
                    for (var i = quote + 1; i < end; i++)
                    {
                        bytes[i] = (byte)random.Next('a', 'z' + 1);
                    }

                    break;
                case 1:
                    bytes[at] = (byte)random.Next(' ', '~' + 1);
                    break;
                default:
                    var length = Math.Min(random.Next(1, 100), Math.Min(bytes.Length - at, other.Length));
                    Array.Copy(other, random.Next(other.Length - length + 1), bytes, at, length);
                    break;
            }
        }

        return bytes;
    }
}
