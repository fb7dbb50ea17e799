using System.Text;
using AtcFhir.R4.Documents;
using CsCheck;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>The parser guesses the next property from the documents before; a wrong guess changes nothing.</summary>
public class PropertyOrderTests
{
    private static readonly string[] Properties =
    [
        "\"id\":\"a\"", "\"active\":true", "\"gender\":\"male\"", "\"_gender\":{\"id\":\"g\"}", "\"birthDate\":\"1950\"", "\"deceasedBoolean\":false", "\"multipleBirthInteger\":2",
        "\"\\u006canguage\":\"nl\"", "\"resourceType\":\"Patient\"",
    ];

    [Fact]
    public void PropertiesInAnyOrderAreReadAsTheSame()
        => Gen.Shuffle(Properties).Sample(
            shuffled => Assert.Equal(Shown(Properties), Shown(shuffled)),
            iter: 2_000);

    private static List<string> Shown(string[] properties)
    {
        using var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes($"{{{string.Join(",\n  ", properties)}}}")).Value;
        Assert.Empty(document.Issues);
        return [.. document.Root.Children.ToList().Select(child => $"{child.Name} {child.Text} {child.Child("id").Text}").Order(StringComparer.Ordinal)];
    }
}
