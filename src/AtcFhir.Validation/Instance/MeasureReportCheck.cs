using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>subjectResults belong to reports of type subject-list. <see href="https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.population.subjectResults"/></summary>
internal static class MeasureReportCheck
{
    public static void Check(Run run, Node report)
    {
        if (report.Child("type").TextEquals("subject-list"u8))
        {
            return;
        }

        foreach (var group in report.ChildrenOf("group"))
        {
            CheckPopulations(run, group);
            foreach (var stratifier in group.ChildrenOf("stratifier"))
            {
                foreach (var stratum in stratifier.ChildrenOf("stratum"))
                {
                    CheckPopulations(run, stratum);
                }
            }
        }
    }

    private static void CheckPopulations(Run run, Node parent)
    {
        foreach (var population in parent.ChildrenOf("population"))
        {
            if (population.Child("subjectResults").Exists)
            {
                run.Findings.Add(Rules.SubjectResults, population, "Results of subjects are listed, but the report is not of type subject-list.");
            }
        }
    }
}
