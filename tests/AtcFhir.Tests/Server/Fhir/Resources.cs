namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Small valid resources for the server's tests.</summary>
internal static class Resources
{
    public static string Patient(string? id = null, string family = "Testcase", string identifier = "1", string extra = "")
        => $$"""{"resourceType":"Patient",{{Id(id)}}{{extra}}"identifier":[{"system":"http://example.org/mrn","value":"{{identifier}}"}],"name":[{"family":"{{family}}"}],"birthDate":"1950-02-03"}""";

    public static string Observation(string? id = null, string subject = "Patient/p1", string value = "1.10", string status = "final", string date = "2019-03-01")
        => $$$"""{"resourceType":"Observation",{{{Id(id)}}}"status":"{{{status}}}","code":{"coding":[{"system":"http://example.org/codes","code":"weight"}]},"subject":{"reference":"{{{subject}}}"},"effectiveDateTime":"{{{date}}}","valueQuantity":{"value":{{{value}}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}""";

    public static string Bundle(string type, params string[] entries)
        => $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";

    public static string Entry(string method, string url, string? resource = null, string? fullUrl = null, string more = "")
        => $$$"""{{{{(fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",")}}}{{{(resource is null ? "" : $"\"resource\":{resource},")}}}"request":{"method":"{{{method}}}","url":"{{{url}}}"{{{more}}}}}""";

    private static string Id(string? id) => id is null ? "" : $"\"id\":\"{id}\",";
}
