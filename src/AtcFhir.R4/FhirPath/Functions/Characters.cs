namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>Strings counted in Unicode scalar values, as FHIRPath counts them; plain indexes where there are no surrogates.</summary>
internal static class Characters
{
    public static bool ArePlain(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    public static int Count(string text) => ArePlain(text) ? text.Length : text.EnumerateRunes().Count();

    /// <summary>The index in characters of an index in UTF-16 units; -1 stays.</summary>
    public static int FromUnits(string text, int units) => units <= 0 || ArePlain(text) ? units : text[..units].EnumerateRunes().Count();

    /// <summary>The index in UTF-16 units of an index in characters; the length when it lies beyond the end.</summary>
    public static int ToUnits(string text, int characters)
    {
        if (ArePlain(text))
        {
            return Math.Min(characters, text.Length);
        }

        var units = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (characters-- <= 0)
            {
                break;
            }

            units += rune.Utf16SequenceLength;
        }

        return units;
    }
}
