using AtcFhir.Tests.Server.AccessControl;
using AtcFhir.Tests.Server.Bulk;
using AtcFhir.Tests.Server.Enrolment;
using AtcFhir.Tests.Server.Fhir;
using AtcFhir.Tests.Server.Hosting;
using AtcFhir.Tests.Server.Pages;
using AtcFhir.Tests.Server.Sandbox;
using AtcFhir.Tests.Server.Subscriptions;
using AtcFhir.Tests.Server.Terminology;

namespace AtcFhir.Tests.Server;

// The behaviour of the server is stated once; each class here has it hold on PostgreSQL too.
public class BadInputTestsOnPostgres(ServerFixture server) : BadInputTests(server);

public class BinaryContentTestsOnPostgres(ServerFixture server) : BinaryContentTests(server);

public class BundleTestsOnPostgres(ServerFixture server) : BundleTests(server);

public class CapabilitiesTestsOnPostgres(ServerFixture server) : CapabilitiesTests(server);

public class DiffTestsOnPostgres(ServerFixture server) : DiffTests(server);

public class EverythingTestsOnPostgres(ServerFixture server) : EverythingTests(server);

public class ExportJobTestsOnPostgres(ServerFixture server) : ExportJobTests(server);

public class ExportTestsOnPostgres(ServerFixture server) : ExportTests(server);

public class FhirClientTestsOnPostgres(ServerFixture server) : FhirClientTests(server);

public class AsyncRequestTestsOnPostgres(ServerFixture server) : AsyncRequestTests(server);

public class HostileRequestTestsOnPostgres(ServerFixture server) : HostileRequestTests(server);

public class ImportTestsOnPostgres(ServerFixture server) : ImportTests(server);

public class HistoryTestsOnPostgres(ServerFixture server) : HistoryTests(server);

public class MetaTestsOnPostgres(ServerFixture server) : MetaTests(server);

public class PatchTestsOnPostgres(ServerFixture server) : PatchTests(server);

public class PresentationTestsOnPostgres(ServerFixture server) : PresentationTests(server);

public class ReadTestsOnPostgres(ServerFixture server) : ReadTests(server);

public class SearchCostTestsOnPostgres : SearchCostTests;

public class SearchTestsOnPostgres(ServerFixture server) : SearchTests(server);

public class ValidateTestsOnPostgres(ServerFixture server) : ValidateTests(server);

public class WriteTestsOnPostgres(ServerFixture server) : WriteTests(server);

public class ServedTypesTestsOnPostgres : ServedTypesTests;

public class AccessTestsOnPostgres : AccessTests;

public class EnrolmentRoutesTestsOnPostgres : EnrolmentRoutesTests;

public class PersonaTestsOnPostgres : PersonaTests;

public class SandboxTestsOnPostgres : SandboxTests;

public class SearchConformanceTestsOnPostgres : SearchConformanceTests;

public class CapabilityClaimsTestsOnPostgres(ServerFixture server) : CapabilityClaimsTests(server);

public class DocumentTestsOnPostgres(ServerFixture server) : DocumentTests(server);

public class UploadedConformanceTestsOnPostgres(ServerFixture server) : UploadedConformanceTests(server);

public class ReindexTestsOnPostgres : ReindexTests;

public class ValidationPolicyTestsOnPostgres : ValidationPolicyTests;

public class TopicSubscriptionTestsOnPostgres : TopicSubscriptionTests;

public class SubscriptionTestsOnPostgres : SubscriptionTests;

public class SearchTerminologyTestsOnPostgres(ServerFixture server) : SearchTerminologyTests(server);

public class TerminologyOperationsTestsOnPostgres(ServerFixture server) : TerminologyOperationsTests(server);

public class StatusPageTestsOnPostgres : StatusPageTests;
