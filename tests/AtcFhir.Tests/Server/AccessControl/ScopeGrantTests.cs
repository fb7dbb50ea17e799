using AtcFhir.Server.AccessControl;

namespace AtcFhir.Tests.Server.AccessControl;

public class ScopeGrantTests
{
    [Theory]
    [InlineData("system/Observation.rs", "Observation", "Read Search")]
    [InlineData("system/*.cruds", "Anything", "Create Read Update Delete Search")]
    [InlineData("user/Patient.c", "Patient", "Create")]
    [InlineData("system/Patient.read", "Patient", "Read Search")]
    [InlineData("system/Patient.write", "Patient", "Create Update Delete")]
    [InlineData("system/Patient.*", "Patient", "Create Read Update Delete Search")]
    public void GrantsWhatItSays(string scope, string type, string permissions)
    {
        var grant = ScopeGrant.Parse(scope)!;

        Assert.Equal(permissions, string.Join(' ', Enum.GetValues<Permission>().Where(permission => grant.Allows(permission, type))));
    }

    [Fact]
    public void GrantsNothingOnOtherTypes() => Assert.False(ScopeGrant.Parse("system/Patient.rs")!.Allows(Permission.Read, "Observation"));

    [Fact]
    public void AGrantOnOneTypeIsNoneOnAll() => Assert.False(ScopeGrant.Parse("system/Patient.rs")!.Allows(Permission.Search, "*"));

    [Theory]
    [InlineData("openid")]
    [InlineData("system/Observation.sr")]
    [InlineData("system/Observation.rr")]
    [InlineData("system/Observation.x")]
    [InlineData("system/Observation.")]
    [InlineData("system/.rs")]
    [InlineData("/Observation.rs")]
    [InlineData("admin/Observation.rs")]
    [InlineData("system/Obs1.rs")]
    [InlineData("system/Observation.rs?category=laboratory")]
    [InlineData("patient/Observation.rs")]
    [InlineData("launch/patient")]
    public void WhatCannotBeEnforcedGrantsNothing(string scope) => Assert.Null(ScopeGrant.Parse(scope));

    [Fact]
    public void AnAppRoleStandsForAScope() => Assert.True(ScopeGrant.ParseRole("system.Observation.rs")!.Allows(Permission.Read, "Observation"));
}
