using AtcFhir.R4.Documents;
using AtcFhir.Validation.Questionnaires;

namespace AtcFhir.Validation.Instance;

/// <summary>What is said of a resource as a whole, wherever it stands: its profiles, its contained resources, and the rules of special types.</summary>
internal static class ResourceCheck
{
    /// <param name="present">The elements of the resource, as <see cref="Node.PresentElements"/> gives them.</param>
    public static void Check(Run run, Node resource, ulong present)
    {
        if ((present & BaseRules.Of(resource.Type.Ordinal).MetaAndContained) != 0)
        {
            if (run.Request.CheckMetaProfiles && resource.Child("meta") is { Exists: true } meta)
            {
                CheckMetaProfiles(run, resource, meta);
            }

            if (resource.Child("contained").Exists)
            {
                ContainedCheck.Check(run, resource);
            }
        }

        switch (resource.Type.Name)
        {
            case "Bundle":
                BundleCheck.Check(run, resource);
                break;
            case "Questionnaire":
                QuestionnaireCheck.Check(run, resource);
                break;
            case "QuestionnaireResponse":
                QuestionnaireResponseCheck.Check(run, resource);
                break;
            case "Observation":
                VitalSigns.Check(run, resource);
                break;
            case "CodeSystem":
                CodeSystemCheck.Check(run, resource);
                break;
            case "ValueSet":
                ValueSetCheck.Check(run, resource);
                break;
            case "MeasureReport":
                MeasureReportCheck.Check(run, resource);
                break;
            case "SearchParameter":
                SearchParameterCheck.Check(run, resource);
                break;
            case "StructureMap":
                StructureMapCheck.Check(run, resource);
                break;
            case "StructureDefinition":
                StructureDefinitionCheck.Check(run, resource);
                break;
        }

        BestPracticeCheck.Check(run, resource);
    }

    private static void CheckMetaProfiles(Run run, Node resource, Node meta)
    {
        foreach (var named in meta.ChildrenOf("profile"))
        {
            // Base types are no profiles, so what is found here is one.
            if (run.Profiles.Find(named) is { IsBase: false } profile)
            {
                CheckProfile(run, resource, profile, named);
                continue;
            }

            if (named.Text is not { } canonical)
            {
                continue;
            }

            if (Profiles.BaseSnapshots.TypeOf(canonical) is { } type)
            {
                if (!resource.Type.Is(type))
                {
                    run.Findings.Add(Rules.ProfileOfOtherType, named, $"{canonical} is a {type.Name}, this resource is a {resource.Type.Name}.");
                }
            }
            else
            {
                run.Findings.Add(Rules.MetaProfileNotKnown, named, $"The profile {canonical} is not known here; the resource was not checked against it.");
            }
        }
    }

    /// <summary>One profile on one resource, with what can be said of the profile itself.</summary>
    public static void CheckProfile(Run run, Node resource, Profiles.CompiledProfile profile, Node position)
    {
        if (profile.Type is { } type && !resource.Type.Is(type))
        {
            run.Findings.Add(Rules.ProfileOfOtherType, position, $"The profile {profile} is for {type.Name}, this resource is a {resource.Type.Name}.");
            return;
        }

        foreach (var problem in profile.Problems)
        {
            if (problem.Rule == Rules.ProfileUnusable)
            {
                run.Findings.Add(Rules.ProfileUnusable, position, problem.Text, profile.Structure.Canonical);
            }
            else if (problem.LeavesUnchecked)
            {
                run.Findings.Add(Rules.NotSupported, position, problem.Text, $"{profile.Structure.Canonical} {problem.Rule.Id}");
            }
        }

        run.Check(resource, profile);
        if (run.Request.NoteMustSupport)
        {
            MustSupportNotes.Add(run, resource, profile);
        }
    }
}
