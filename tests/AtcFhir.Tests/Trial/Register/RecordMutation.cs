namespace AtcFhir.Tests.Trial.Register;

/// <summary>Damages a record as records are damaged: sections missing, in another order, twice, lines lost, headings without marks.</summary>
internal static class RecordMutation
{
    public static string Of(string record, int seed)
    {
        var random = new Random(seed);
        var sections = Sections(record);
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var at = random.Next(sections.Count);
            switch (random.Next(7))
            {
                case 0 when sections.Count > 1:
                    sections.RemoveAt(at);
                    break;
                case 1:
                    sections.Insert(random.Next(sections.Count), sections[at]);
                    break;
                case 2:
                    var other = random.Next(sections.Count);
                    (sections[at], sections[other]) = (sections[other], sections[at]);
                    break;
                case 3:
                    sections[at] = [.. sections[at].Where(_ => random.Next(4) > 0)];
                    break;
                case 4:
                    sections[at] = [.. sections[at].Select(line => line.TrimStart('#', ' ').Trim('*'))];
                    break;
                case 5:
                    sections[at] = [.. sections[at].OrderBy(_ => random.Next())];
                    break;
                default:
                    sections[at] = [.. sections[at].Skip(1)];
                    break;
            }
        }

        return string.Join('\n', sections.SelectMany(section => section));
    }

    private static List<List<string>> Sections(string record)
    {
        List<List<string>> sections = [[]];
        foreach (var line in record.Split('\n'))
        {
            if (line.StartsWith('#'))
                sections.Add([]);
            sections[^1].Add(line);
        }

        return sections;
    }
}
