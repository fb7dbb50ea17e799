using AtcFhir.Sync.Hospital;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync.Push;

/// <summary>How a trial resource travels to a hospital.</summary>
internal static class Routing
{
    /// <summary>As configured for the concept or type, otherwise as the probe found. What nobody may create there goes to a person, when it is about a patient.</summary>
    public static DeliveryRoute Of(HospitalOptions options, HospitalProfile profile, TrialConcept? concept, string type, bool isOfPatient)
    {
        if ((concept is not null && options.Delivery.TryGetValue(concept.Id, out var route)) || options.Delivery.TryGetValue(type, out route))
        {
            return DocumentBody.IsDocument(route) && !isOfPatient ? DeliveryRoute.None : route; // A form or document belongs to a patient.
        }

        return profile.Creates(type) == false
            ? isOfPatient ? DeliveryRoute.Worklist : DeliveryRoute.None
            : DeliveryRoute.Update;
    }
}
