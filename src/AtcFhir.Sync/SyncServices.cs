using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AtcFhir.Sync;

/// <summary>The door of this room.</summary>
public static class SyncServices
{
    /// <summary>
    /// Adds <see cref="SyncPass"/>, <see cref="Enrolment.Enroller"/>, <see cref="Border.Intake"/>, <see cref="Border.QuarantineDesk"/>,
    /// <see cref="Reports.SyncStatusQuery"/> and <see cref="Hospital.HospitalDirectory"/>, configured by the sections Sync, Keys, Hospital and
    /// Hospitals. The host adds the store, the validator and TimeProvider. The background loop is <see cref="SyncHost"/>, added by hosts that want it.
    /// </summary>
    public static IServiceCollection AddSync(this IServiceCollection services, IConfiguration configuration) => throw new NotImplementedException();
}
