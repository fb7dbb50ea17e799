using System.Collections.Frozen;

namespace AtcFhir.Validation.Terminology;

/// <summary>
/// Is a text a valid UCUM unit (case sensitive)? Grammar and unit atoms only; nothing is converted here.
/// <see href="https://ucum.org/ucum#section-Grammar-of-Units-and-Unit-Terms"/>
/// </summary>
internal static class Ucum
{
    private static readonly string[] Prefixes = ["Ki", "Mi", "Gi", "Ti", "da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y"];

    private static readonly FrozenSet<string> Metric = Set(
        """
        m s g rad K C cd mol sr Hz N Pa J W A V F Ohm S Wb Cel T H lm lx Bq Gy Sv l L ar t bar u eV pc gf Gal dyn erg P Bi St Mx G Oe Gb sb
        Lmb ph Ci R RAD REM cal_[15] cal_[20] cal_m cal_IT cal_th cal tex m[H2O] m[Hg] eq osm g% kat U Np B B[SPL] B[V] B[mV] B[uV] B[10.nV] B[W]
        B[kW] st mho bit By Bd [c] [h] [k] [eps_0] [mu_0] [e] [m_e] [m_p] [G] [g] [ly] [iU] [IU] a_t a_j a_g a
        """);

    private static readonly FrozenSet<string> Others = Set(
        """
        10* 10^ [pi] % [ppth] [ppm] [ppb] [pptr] gon deg ' '' min h d wk mo_s mo_j mo_g mo AU atm [lbf_av] Ky [in_i] [ft_i] [yd_i] [mi_i] [fth_i]
        [nmi_i] [kn_i] [sin_i] [sft_i] [syd_i] [cin_i] [cft_i] [cyd_i] [bf_i] [cr_i] [mil_i] [cml_i] [hd_i] [ft_us] [yd_us] [in_us] [rd_us] [ch_us]
        [lk_us] [rch_us] [rlk_us] [fth_us] [fur_us] [mi_us] [acr_us] [srd_us] [smi_us] [sct] [twp] [mil_us] [in_br] [ft_br] [rd_br] [ch_br] [lk_br]
        [fth_br] [pc_br] [yd_br] [mi_br] [nmi_br] [kn_br] [acr_br] [gal_us] [bbl_us] [qt_us] [pt_us] [gil_us] [foz_us] [fdr_us] [min_us] [crd_us]
        [bu_us] [gal_wi] [pk_us] [dqt_us] [dpt_us] [tbs_us] [tsp_us] [cup_us] [foz_m] [cup_m] [tsp_m] [tbs_m] [gal_br] [pk_br] [bu_br] [qt_br]
        [pt_br] [gil_br] [foz_br] [fdr_br] [min_br] [gr] [lb_av] [oz_av] [dr_av] [scwt_av] [lcwt_av] [ston_av] [lton_av] [stone_av] [pwt_tr] [oz_tr]
        [lb_tr] [sc_ap] [dr_ap] [oz_ap] [lb_ap] [oz_m] [lne] [pnt] [pca] [pnt_pr] [pca_pr] [pied] [pouce] [ligne] [didot] [cicero] [degF] [degR]
        [degRe] [Cal] [Btu_39] [Btu_59] [Btu_60] [Btu_m] [Btu_IT] [Btu_th] [Btu] [HP] [den] [in_i'H2O] [in_i'Hg] [PRU] [wood'U] [diop] [p'diop]
        %[slope] [mesh_i] [Ch] [drp] [hnsf'U] [MET] [hp'_X] [hp'_C] [hp'_M] [hp'_Q] [hp_X] [hp_C] [hp_M] [hp_Q] [kp_X] [kp_C] [kp_M] [kp_Q] [pH]
        [S] [HPF] [LPF] [arb'U] [USP'U] [GPL'U] [MPL'U] [APL'U] [beth'U] [anti'Xa'U] [todd'U] [dye'U] [smgy'U] [bdsk'U] [ka'U] [knk'U] [mclg'U]
        [tb'U] [CCID_50] [TCID_50] [EID_50] [PFU] [FFU] [CFU] [IR] [BAU] [AU] [Amb'a'1'U] [PNU] [Lf] [D'ag'U] [FEU] [ELU] [EU] Ao b att [psi] circ
        sph [car_m] [car_Au] [smoot] [m/s2/Hz^0.5] [NTU] [FNU] bit_s
        """);

    public static bool IsUnit(string code)
    {
        if (code.Length is 0 or > 255)
        {
            return false;
        }

        foreach (var c in code)
        {
            if (c is <= ' ' or > '~')
            {
                return false;
            }
        }

        var at = 0;
        return Term(code, ref at, 0) && at == code.Length;
    }

    private static bool Term(string code, ref int at, int depth)
    {
        if (depth > 32)
        {
            return false;
        }

        if (at < code.Length && code[at] == '/')
        {
            at++;
        }

        if (!Component(code, ref at, depth))
        {
            return false;
        }

        while (at < code.Length && code[at] is '.' or '/')
        {
            at++;
            if (!Component(code, ref at, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Component(string code, ref int at, int depth)
    {
        if (at >= code.Length)
        {
            return false;
        }

        if (code[at] == '(')
        {
            at++;
            if (!Term(code, ref at, depth + 1) || at >= code.Length || code[at] != ')')
            {
                return false;
            }

            at++;
            return true;
        }

        if (code[at] == '{')
        {
            return Annotation(code, ref at);
        }

        var start = at;
        while (at < code.Length && char.IsAsciiDigit(code[at]))
        {
            at++;
        }

        // 10* and 10^ look like a factor at first.
        if (at > start && !(at - start == 2 && code.AsSpan(start, 2) is "10" && at < code.Length && code[at] is '*' or '^'))
        {
            return at >= code.Length || code[at] != '{' || Annotation(code, ref at);
        }

        at = start;
        return SimpleUnit(code, ref at) && (at >= code.Length || code[at] != '{' || Annotation(code, ref at));
    }

    private static bool Annotation(string code, ref int at)
    {
        var end = code.IndexOf('}', at);
        if (end < 0 || code.IndexOf('{', at + 1, end - at - 1) >= 0)
        {
            return false;
        }

        at = end + 1;
        return true;
    }

    /// <summary>An atom, perhaps with prefix, then perhaps an exponent.</summary>
    private static bool SimpleUnit(string code, ref int at)
    {
        var end = at;
        while (end < code.Length && code[end] is not ('.' or '/' or '(' or ')' or '{' or '}'))
        {
            if (code[end] == '[')
            {
                var close = code.IndexOf(']', end);
                if (close < 0)
                {
                    return false;
                }

                end = close;
            }

            end++;
        }

        var unit = code[at..end];
        at = end;
        return IsAtomWithPrefix(unit) || IsAtomWithPrefix(WithoutExponent(unit));
    }

    private static string WithoutExponent(string unit)
    {
        var end = unit.Length;
        while (end > 0 && char.IsAsciiDigit(unit[end - 1]))
        {
            end--;
        }

        return end == unit.Length ? "" : end > 0 && unit[end - 1] is '+' or '-' ? unit[..(end - 1)] : unit[..end];
    }

    private static bool IsAtomWithPrefix(string unit)
    {
        if (unit.Length == 0)
        {
            return false;
        }

        if (Metric.Contains(unit) || Others.Contains(unit))
        {
            return true;
        }

        foreach (var prefix in Prefixes)
        {
            if (unit.StartsWith(prefix, StringComparison.Ordinal) && Metric.Contains(unit[prefix.Length..]))
            {
                return true;
            }
        }

        return false;
    }

    private static FrozenSet<string> Set(string words)
        => words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
