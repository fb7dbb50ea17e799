using System.Text.RegularExpressions;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>The organizations of a record, each once, with what its contact lines say of its address.</summary>
internal sealed partial class RegisterOrganizations(string studyId)
{
    private readonly List<Organization> all = [];

    public IEnumerable<(string Id, byte[] Json)> Resources => all.Select(organization => (organization.Id, organization.ToFhir()));

    /// <summary>Reference to the organization of that name.</summary>
    public string Named(string name)
    {
        var found = all.FirstOrDefault(organization => string.Equals(organization.Name, name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            found = new Organization($"{studyId}-organization-{all.Count + 1}", name);
            all.Add(found);
        }

        return "Organization/" + found.Id;
    }

    /// <summary>A line of the address, an e-mail address or a telephone number; false when the organization has it already.</summary>
    public bool AddLine(string name, string line)
    {
        _ = Named(name);
        return all.First(organization => string.Equals(organization.Name, name, StringComparison.OrdinalIgnoreCase)).AddLine(line);
    }

    private sealed class Organization(string id, string name)
    {
        private readonly List<string> lines = [];
        private readonly List<(string System, string Value)> telecoms = [];
        private string? city;
        private string? postalCode;
        private string? country;

        public string Id => id;

        public string Name => name;

        public bool AddLine(string line)
        {
            if (line.Contains('@', StringComparison.Ordinal) || Phone().IsMatch(line))
                return Add(telecoms, (line.Contains('@', StringComparison.Ordinal) ? "email" : "phone", line));
            if (Country().IsMatch(line))
                return Set(ref country, line);
            if (City().Match(line) is { Success: true } match && (city is null || city == match.Groups["city"].Value))
                return Set(ref city, match.Groups["city"].Value) | Set(ref postalCode, match.Groups["code"].Value);

            return Add(lines, line);
        }

        public byte[] ToFhir() => ResourceWriter.Write("Organization", id, writer =>
        {
            writer.Flag("active", true);
            writer.Text("name", name);
            writer.Objects("telecom", telecoms, telecom =>
            {
                writer.Text("system", telecom.System);
                writer.Text("value", telecom.Value);
            });
            if (lines.Count > 0 || city is not null || country is not null)
            {
                writer.Objects("address", [id], _ =>
                {
                    writer.Texts("line", lines);
                    writer.Text("city", city);
                    writer.Text("postalCode", postalCode);
                    writer.Text("country", country);
                });
            }
        });

        private static bool Add<T>(List<T> list, T item)
        {
            if (list.Contains(item))
                return false;

            list.Add(item);
            return true;
        }

        private bool Set(ref string? slot, string value)
        {
            if (slot is null)
            {
                slot = value;
                return true;
            }

            return slot != value && Add(lines, value);
        }
    }

    [GeneratedRegex(@"^(?<city>.+?)\s+(?<code>\d{4}\s?[A-Z]{2})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex City();

    [GeneratedRegex(@"^[A-Z]{2}\z")]
    private static partial Regex Country();

    [GeneratedRegex(@"^\+?[\d\s()-]{8,}\z")]
    private static partial Regex Phone();
}
