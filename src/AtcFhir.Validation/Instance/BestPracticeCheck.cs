using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// What the standard recommends and does not demand, at the severity that the caller asked for: narrative (dom-6), and what an Observation is worth little
/// without. <see href="https://hl7.org/fhir/R4/best-practices.html"/>
/// </summary>
internal static class BestPracticeCheck
{
    public static void Check(Run run, Node resource)
    {
        if (run.Request.BestPractice == BestPractice.Off)
        {
            return;
        }

        var severity = run.Request.BestPractice switch
        {
            BestPractice.Error => IssueSeverity.Error,
            BestPractice.Warning => IssueSeverity.Warning,
            _ => IssueSeverity.Information,
        };
        if (resource.Type.Find("text") is not null && !resource.Child("text").Child("div").Exists && resource.Element is not { Name: "contained" })
        {
            run.Findings.Add(Rules.BestPractice, resource, "dom-6: A resource should have narrative for robust management.", "R4 dom-6: text.`div`.exists()", severity);
        }

        if (resource.Type.Name == "Observation")
        {
            Recommend(run, resource, severity, Rules.ObservationSubject, "subject", "An Observation should say whom or what it is about.");
            Recommend(run, resource, severity, Rules.ObservationPerformer, "performer", "An Observation should say who is responsible for it.");
            Recommend(run, resource, severity, Rules.ObservationEffective, "effective", "An Observation should say for what time it holds.");
        }
    }

    private static void Recommend(Run run, Node observation, IssueSeverity severity, ValidationRule rule, string element, string text)
    {
        if (!observation.Child(element).Exists)
        {
            run.Findings.Add(rule, observation, text, $"R4 Observation.{element}", severity);
        }
    }
}
