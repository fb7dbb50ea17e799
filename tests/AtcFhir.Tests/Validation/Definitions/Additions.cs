using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Tests.Validation.Definitions;

/// <summary>What a minimal instance needs besides the required elements: the invariants of its type, and codes of value sets that are not lists.</summary>
internal static class Additions
{
    /// <summary>By type: members that make its smallest instance valid.</summary>
    private static readonly Dictionary<string, string> OfType = new(StringComparer.Ordinal)
    {
        ["CodeableConcept"] = """{"text":"x"}""",
        ["Coding"] = """{"code":"x"}""",
        ["Extension"] = """{"url":"http://example.org/x","valueString":"x"}""",
        ["Period"] = """{"start":"2020-01-01"}""",
        ["Ratio"] = """{"numerator":{"value":1},"denominator":{"value":2}}""",
        ["TriggerDefinition"] = """{"type":"named-event","name":"x"}""",
        ["ElementDefinition.binding"] = """{"strength":"required","description":"x"}""",
        ["Expression"] = """{"language":"text/cql","expression":"x"}""",
        ["Age"] = """{"value":1,"unit":"a","system":"http://unitsofmeasure.org","code":"a"}""",
        ["Duration"] = """{"value":1,"system":"http://unitsofmeasure.org","code":"d"}""",
        ["Distance"] = """{"value":1,"system":"http://unitsofmeasure.org","code":"m"}""",
        ["Count"] = """{"value":1,"system":"http://unitsofmeasure.org","code":"1"}""",
        ["DataRequirement"] = """{"type":"Patient"}""",
        ["DataRequirement.codeFilter"] = """{"path":"x"}""",
        ["DataRequirement.dateFilter"] = """{"path":"x"}""",
        ["ElementDefinition.slicing"] = """{"rules":"open","description":"x"}""",
        ["AllergyIntolerance"] = """{"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]}}""",
        ["Appointment"] = """{"start":"2020-01-01T00:00:00Z","end":"2020-01-01T01:00:00Z"}""",
        ["Appointment.participant"] = """{"actor":{"reference":"Patient/1"}}""",
        ["AppointmentResponse"] = """{"actor":{"reference":"Patient/1"}}""",
        ["Bundle"] = """{"type":"collection"}""",
        ["Bundle.entry"] = """{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Basic","id":"b","code":{"text":"x"}}}""",
        ["Bundle.entry.response"] = """{"status":"200"}""",
        ["CapabilityStatement"] = """{"kind":"requirements","description":"x","rest":[{"mode":"server"}],"fhirVersion":"4.0.1"}""",
        ["TerminologyCapabilities"] = """{"kind":"requirements","description":"x"}""",
        ["Composition.section"] = """{"text":{"status":"empty","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}}""",
        ["Consent"] = """{"policyRule":{"text":"x"},"patient":{"reference":"Patient/1"}}""",
        ["Condition.stage"] = """{"summary":{"text":"x"}}""",
        ["Condition.evidence"] = """{"code":[{"text":"x"}]}""",
        ["Immunization.education"] = """{"documentType":"x"}""",
        ["ImmunizationRecommendation.recommendation"] = """{"vaccineCode":[{"text":"x"}]}""",
        ["InsurancePlan"] = """{"name":"x"}""",
        ["Organization"] = """{"name":"x"}""",
        ["Linkage"] = """{"item":[{"type":"source","resource":{"reference":"Patient/1"}},{"type":"alternate","resource":{"reference":"Patient/2"}}]}""",
        ["MedicationAdministration.dosage"] = """{"dose":{"value":1}}""",
        ["MolecularSequence"] = """{"coordinateSystem":0}""",
        ["MolecularSequence.referenceSeq"] = """{"referenceSeqString":"x"}""",
        ["Observation.referenceRange"] = """{"text":"x"}""",
        ["OperationDefinition.parameter"] = """{"type":"string"}""",
        ["Parameters.parameter"] = """{"valueString":"x"}""",
        ["Patient.contact"] = """{"name":{"text":"x"}}""",
        ["RequestGroup.action"] = """{"resource":{"reference":"Basic/1"}}""",
        ["StructureDefinition"] = """{"kind":"logical","abstract":true,"type":"http://example.org/X","differential":{"element":[{"id":"X","path":"X"}]}}""",
        ["ElementDefinition"] = """{"id":"X","path":"X","definition":"x","min":0,"max":"*","base":{"path":"X","min":0,"max":"*"}}""",
        ["Questionnaire.item.enableWhen"] = """{"question":"question"}""",
        ["CodeSystem.concept.property"] = """{"code":"inactive"}""",
        ["Questionnaire.item"] = """{"linkId":"x","type":"string"}""",
        ["StructureMap.group.rule.target"] = """{"transform":"copy"}""",
        ["TestReport.setup.action"] = """{"operation":{"result":"pass"}}""",
        ["TestReport.test.action"] = """{"operation":{"result":"pass"}}""",
        ["TestScript.setup.action"] = """{"operation":{"encodeRequestUrl":true,"url":"http://example.org/x"}}""",
        ["TestScript.test.action"] = """{"operation":{"encodeRequestUrl":true,"url":"http://example.org/x"}}""",
        ["TestScript.metadata.capability"] = """{"required":true,"validated":true}""",
        ["TestScript.setup.action.operation"] = """{"encodeRequestUrl":true,"url":"http://example.org/x"}""",
        ["StructureDefinition.mapping"] = """{"name":"x"}""",
        ["TestScript.metadata"] = """{"capability":[{"required":true,"validated":true,"capabilities":"http://example.org/x"}]}""",
        ["ValueSet.compose.include"] = """{"system":"http://example.org/x"}""",
        ["ValueSet.expansion.contains"] = """{"system":"http://example.org/x","code":"x"}""",
        ["CoverageEligibilityResponse.insurance.item"] = """{"category":{"text":"x"}}""",
        ["Measure.group.stratifier"] = """{"code":{"text":"x"}}""",
        ["MeasureReport.group.stratifier.stratum"] = """{"value":{"text":"x"}}""",
    };

    /// <summary>By element: members beside it (null removes one) without which an instance that has the element is not valid.</summary>
    private static readonly Dictionary<string, string> BesideElement = new(StringComparer.Ordinal)
    {
        ["Coding.display"] = """{"code":"x"}""",
        ["Appointment.cancelationReason"] = """{"status":"cancelled"}""",
        ["Attachment.data"] = """{"contentType":"text/plain"}""",
        ["CapabilityStatement.software"] = """{"kind":"capability"}""",
        ["CapabilityStatement.implementation"] = """{"kind":"instance"}""",
        ["CapabilityStatement.messaging"] = """{"kind":"instance","implementation":{"description":"x"}}""",
        ["TerminologyCapabilities.software"] = """{"kind":"capability"}""",
        ["TerminologyCapabilities.implementation"] = """{"kind":"instance"}""",
        ["Condition.abatement[x]"] = """{"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"resolved"}]}}""",
        ["ContactPoint.value"] = """{"system":"phone"}""",
        ["CoverageEligibilityResponse.insurance.item.productOrService"] = """{"category":null}""",
        ["DataRequirement.codeFilter.searchParam"] = """{"path":null}""",
        ["DataRequirement.dateFilter.searchParam"] = """{"path":null}""",
        ["FamilyMemberHistory.estimatedAge"] = """{"ageString":"x"}""",
        ["Goal.target.detail[x]"] = """{"measure":{"text":"x"}}""",
        ["Measure.group.stratifier.component"] = """{"code":null}""",
        ["MeasureReport.group.stratifier.stratum.component"] = """{"value":null}""",
        ["MolecularSequence.referenceSeq.chromosome"] = """{"genomeBuild":"x","referenceSeqString":null}""",
        ["MolecularSequence.referenceSeq.genomeBuild"] = """{"chromosome":{"text":"x"},"referenceSeqString":null}""",
        ["MolecularSequence.referenceSeq.referenceSeqId"] = """{"referenceSeqString":null}""",
        ["MolecularSequence.referenceSeq.referenceSeqPointer"] = """{"referenceSeqString":null}""",
        ["OperationDefinition.parameter.targetProfile"] = """{"type":"Reference"}""",
        ["Parameters.parameter.part"] = """{"valueString":null}""",
        ["Parameters.parameter.resource"] = """{"valueString":null}""",
        ["Quantity.code"] = """{"system":"http://unitsofmeasure.org"}""",
        ["RequestGroup.action.action"] = """{"resource":null}""",
        ["SearchParameter.xpath"] = """{"xpathUsage":"normal"}""",
        ["SearchParameter.chain"] = """{"type":"reference"}""",
        ["ServiceRequest.orderDetail"] = """{"code":{"text":"x"}}""",
        ["StructureMap.group.rule.target.element"] = """{"context":"x","contextType":"variable"}""",
        ["StructureMap.group.rule.target.context"] = """{"contextType":"variable"}""",
        ["StructureDefinition.baseDefinition"] = """{"derivation":"specialization"}""",
        ["StructureDefinition.contextInvariant"] = """{"kind":"complex-type","type":"Extension","context":[{"type":"element","expression":"Patient"}],"differential":{"element":[{"id":"Extension","path":"Extension"}]}}""",
        ["ElementDefinition.sliceIsConstraining"] = """{"id":"X.a:x","path":"X.a","sliceName":"x","type":[{"code":"string"}]}""",
        ["ElementDefinition.sliceName"] = """{"id":"X.a:x","path":"X.a","type":[{"code":"string"}]}""",
        ["TestReport.setup.action.assert"] = """{"operation":null}""",
        ["TestReport.test.action.assert"] = """{"operation":null}""",
        ["TestScript.setup.action.assert"] = """{"operation":null}""",
        ["TestScript.test.action.assert"] = """{"operation":null}""",
        ["Questionnaire.item.enableWhen.answer[x]"] = """{"operator":"="}""",
        ["ElementDefinition.label"] = """{"id":"X.a","path":"X.a","type":[{"code":"string"}]}""",
        ["ElementDefinition.code"] = """{"id":"X.a","path":"X.a","type":[{"code":"string"}]}""",
        ["ElementDefinition.requirements"] = """{"id":"X.a","path":"X.a","type":[{"code":"string"}]}""",
        ["ElementDefinition.isModifier"] = """{"isModifierReason":"x"}""",
        ["ElementDefinition.binding"] = """{"type":[{"code":"code"}]}""",

        ["ElementDefinition.type.targetProfile"] = """{"code":"Reference"}""",
        ["ElementDefinition.type.aggregation"] = """{"code":"Reference"}""",
        ["CodeSystem.concept.concept"] = """{"code":"outer"}""",
        ["Questionnaire.item.item"] = """{"type":"group","linkId":"outer"}""",
        ["Questionnaire.item.initial"] = """{"type":"boolean"}""",
        ["Questionnaire.item.answerOption"] = """{"type":"choice"}""",
        ["Questionnaire.item.answerValueSet"] = """{"type":"choice"}""",
        ["CodeSystem.count"] = """{"concept":[{"code":"x"}]}""",
        ["TestScript.setup.action.operation.targetId"] = """{"url":null}""",
        ["TestScript.setup.action.operation.params"] = """{"url":null}""",
        ["TestScript.setup.action.assert.compareToSourceId"] = """{"compareToSourceExpression":"x"}""",
        ["TestScript.setup.action.assert.compareToSourceExpression"] = """{"compareToSourceId":"x"}""",
        ["TestScript.setup.action.assert.compareToSourcePath"] = """{"compareToSourceId":"x"}""",
        ["Timing.repeat.period"] = """{"periodUnit":"d"}""",
        ["Timing.repeat.periodMax"] = """{"period":1,"periodUnit":"d"}""",
        ["Timing.repeat.duration"] = """{"durationUnit":"h"}""",
        ["Timing.repeat.durationMax"] = """{"duration":1,"durationUnit":"h"}""",
        ["Timing.repeat.countMax"] = """{"count":1}""",
        ["Timing.repeat.offset"] = """{"when":["AC"]}""",
        ["TriggerDefinition.condition"] = """{"type":"data-changed","data":[{"type":"Patient"}],"name":null}""",
    };

    /// <summary>By element: members of the resource without which an instance that has the element is not valid.</summary>
    private static readonly Dictionary<string, string> AtRoot = new(StringComparer.Ordinal)
    {
        ["Bundle.total"] = """{"type":"searchset"}""",
        ["Bundle.entry.request"] = """{"type":"batch"}""",
        ["Bundle.entry.response"] = """{"type":"batch-response"}""",
        ["Bundle.entry.search"] = """{"type":"searchset"}""",
        ["ImplementationGuide.definition.resource.groupingId"] = """{"definition":{"grouping":[{"id":"x","name":"x"}]}}""",
        ["List.entry.deleted"] = """{"mode":"changes"}""",
        ["MeasureReport.group.population.subjectResults"] = """{"type":"subject-list"}""",
        ["MeasureReport.group.stratifier.stratum.population.subjectResults"] = """{"type":"subject-list"}""",
        ["ElementDefinition.defaultValue[x]"] = """{"derivation":"specialization"}""",
        ["ElementDefinition.meaningWhenMissing"] = """{"derivation":"specialization"}""",
    };

    /// <summary>By element, or element and type: a value in place of the usual one of its type.</summary>
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["Bundle.entry.response.status"] = "\"200\"",
        ["Quantity.system"] = "\"http://unitsofmeasure.org\"",
        ["Quantity.code"] = "\"1\"",
        ["Reference.reference"] = "\"Organization/1\"",
        ["Reference.type"] = "\"Organization\"",
        ["RiskAssessment.prediction.probability[x] Range"] = """{"low":{"value":1,"system":"http://unitsofmeasure.org","code":"%"}}""",
        ["StructureDefinition.type"] = "\"http://example.org/X\"",
        ["StructureDefinition.kind"] = "\"logical\"",
        ["StructureDefinition.baseDefinition"] = "\"http://hl7.org/fhir/StructureDefinition/Element\"",
        ["Questionnaire.item.enableWhen.question"] = "\"question\"",
        ["CodeSystem.concept.property.code"] = "\"inactive\"",
        ["ElementDefinition.path"] = "\"X\"",
        ["ElementDefinition.max"] = "\"*\"",
        ["ElementDefinition.contentReference"] = "\"#X\"",
        ["Element.id"] = "\"X\"",
        ["Address.use"] = "\"work\"",
        ["ContactPoint.use"] = "\"work\"",
        ["CapabilityStatement.kind"] = "\"requirements\"",
        ["TerminologyCapabilities.kind"] = "\"requirements\"",
        ["Bundle.type"] = "\"collection\"",
        ["CodeSystem.content"] = "\"complete\"",
        ["Questionnaire.item.type"] = "\"string\"",
        ["CapabilityStatement.fhirVersion"] = "\"4.0.1\"",
        ["Coding.system"] = "\"http://example.org/s\"",
    };

    public static void ToType(string type, JsonObject made) => Merge(OfType, type, made);

    public static void ToElement(TypeSchema type, string path, JsonObject made)
    {
        Merge(BesideElement, path, made);
        if (type.Name == "Extension" && path == "Element.extension")
        {
            made.Remove("valueString");
        }
    }

    /// <summary>To the resource, when all else is made. A path asks for one item where there have to be two.</summary>
    public static void ToResource(Step step, JsonObject made)
    {
        Merge(AtRoot, step.Element.Path, made);
        var another = step.Element.Path switch
        {
            "Linkage.item" => """{"type":"alternate","resource":{"reference":"Patient/2"}}""",
            "Questionnaire.item.enableWhen" => """{"linkId":"question","type":"boolean"}""",
            _ => null,
        };
        if (another is not null)
        {
            made["item"]!.AsArray().Add(JsonNode.Parse(another));
        }

        // An initial value has the type of its item.
        if (step.Element.Path == "Questionnaire.item.initial.value[x]")
        {
            made["item"]![0]!["type"] = step.ElementType.Type.Name switch { "uri" => "url", "Coding" => "choice", "Attachment" => "attachment", "Quantity" => "quantity", "Reference" => "reference", var name => name };
        }
    }

    /// <summary>The value that an element needs where any of its type does not do; null where any does.</summary>
    public static JsonNode? Value(Step step)
    {
        if (Values.TryGetValue($"{step.Element.Path} {step.ElementType.Type.Name}", out var typed) || Values.TryGetValue(step.Element.Path, out typed))
        {
            return JsonNode.Parse(typed);
        }

        return step is { ElementType.Type.Name: "CodeableConcept", Element.Binding.MaxValueSet: not null }
            ? JsonNode.Parse("""{"coding":[{"system":"urn:ietf:bcp:47","code":"en"}]}""")
            : null;
    }

    /// <summary>A code where the value set is no list.</summary>
    public static string? Code(ElementSchema element)
        => element.Binding?.ValueSet is { } set && set.Contains("mimetypes", StringComparison.Ordinal) ? "text/plain"
        : element.Binding?.ValueSet is { } languages && languages.Contains("languages", StringComparison.Ordinal) ? "en"
        : element.Binding?.ValueSet is { } currencies && currencies.Contains("currencies", StringComparison.Ordinal) ? "EUR"
        : null;

    private static void Merge(Dictionary<string, string> table, string key, JsonObject made)
    {
        if (table.TryGetValue(key, out var members))
        {
            Patch(made, JsonNode.Parse(members)!.AsObject());
        }
    }

    /// <summary>As RFC 7396 has it: null removes, objects merge, all else replaces.</summary>
    public static void Patch(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject old)
            {
                Patch(old, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
