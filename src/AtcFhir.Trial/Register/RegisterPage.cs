namespace AtcFhir.Trial.Register;

/// <summary>What a line of the page is.</summary>
internal enum RegisterLineKind
{
    Title,
    Heading,
    Field,
    Text,
}

/// <summary>A non-blank line of the page, understood as far as its place goes.</summary>
internal sealed record RegisterLine(int Number, string Text, RegisterLineKind Kind, RegisterSection Section, RegisterField Field, string Value);

/// <summary>Cuts a page of the register, as text, into lines that know their section. It knows headings with and without # and **.</summary>
internal static class RegisterPage
{
    public static IReadOnlyList<RegisterLine> Read(string record)
    {
        List<RegisterLine> lines = [];
        var section = RegisterSection.Head;
        var number = 0;
        foreach (var raw in record.Split('\n'))
        {
            number++;
            var text = raw.TrimEnd('\r');
            if (string.IsNullOrWhiteSpace(text))
                continue;

            var line = Understand(number, text, section, lines.Any(earlier => earlier.Kind == RegisterLineKind.Title));
            section = line.Kind == RegisterLineKind.Title ? RegisterSection.Head : line.Section;
            lines.Add(line);
        }

        return lines;
    }

    private static RegisterLine Understand(int number, string text, RegisterSection section, bool hasTitle)
    {
        var trimmed = text.Trim();
        var bare = trimmed.TrimStart('#').Trim().Trim('*').Trim();
        var isMarked = trimmed.StartsWith('#');
        if (RegisterHeadings.Find(bare) is { } found)
            return new RegisterLine(number, text, RegisterLineKind.Heading, found, RegisterField.None, bare);

        if (isMarked && bare.Length > 0)
        {
            var isTitle = !hasTitle && !trimmed.StartsWith("##", StringComparison.Ordinal);
            return new RegisterLine(number, text, isTitle ? RegisterLineKind.Title : RegisterLineKind.Heading, isTitle ? RegisterSection.Head : RegisterSection.Unknown, RegisterField.None, bare);
        }

        var (field, home, value) = RegisterFields.Read(trimmed, section);
        return field == RegisterField.None
            ? new RegisterLine(number, text, RegisterLineKind.Text, section, field, trimmed)
            : new RegisterLine(number, text, RegisterLineKind.Field, home, field, value);
    }
}
