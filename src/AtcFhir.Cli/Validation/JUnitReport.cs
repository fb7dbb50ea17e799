using System.Text;
using System.Xml;
using System.Xml.Linq;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli.Validation;

/// <summary>
/// JUnit XML, one test case a resource, which every build server shows; in the form that Jenkins checks.
/// <see href="https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd"/>
/// </summary>
internal sealed class JUnitReport(Stream output) : ValidationReport
{
    /// <summary>No byte order mark: not every reader of such files passes over one.</summary>
    private static readonly XmlWriterSettings Layout = new() { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    private readonly List<XElement> cases = [];
    private int failures;

    public override void Add(Validated validated)
    {
        var test = new XElement("testcase", new XAttribute("classname", "atcfhir.validate"), new XAttribute("name", Xml(validated.Input.Name)));
        var errors = validated.Issues.Where(issue => issue.IsError).Select(Describe).ToList();
        if (errors.Count > 0)
        {
            failures++;
            test.Add(new XElement("failure", new XAttribute("message", errors[0]), string.Join('\n', errors)));
        }

        var others = validated.Issues.Where(issue => !issue.IsError).Select(Describe).ToList();
        if (others.Count > 0)
        {
            test.Add(new XElement("system-out", string.Join('\n', others)));
        }

        cases.Add(test);
    }

    public override void End()
    {
        var suite = new XElement(
            "testsuite",
            new XAttribute("name", "atcfhir validate"),
            new XAttribute("tests", cases.Count),
            new XAttribute("failures", failures),
            new XAttribute("errors", 0),
            cases);
        using (var xml = XmlWriter.Create(output, Layout))
        {
            new XDocument(new XElement("testsuites", suite)).Save(xml);
        }

        output.Write("\n"u8);
    }

    private static string Describe(Issue issue)
        => Xml(string.Create(CultureInfo.InvariantCulture, $"{issue.Line}:{issue.Column} {issue.Severity} {issue.Rule} {issue.Expression} {issue.Text}"));

    /// <summary>XML cannot hold control characters, not even escaped.</summary>
    private static string Xml(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD'));
}
