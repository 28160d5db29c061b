"""Texts of files that people really have, each of a kind, below "== NAME".

"¦" is a tab, "¬" joins two lines, "@" is one sample at 300, 350 and 400 K.
"""

import re

THREE = "300,151,1210,1.61\n350,163,1090,1.53\n400,176,980,1.47"
TEXTS = r"""
== lfa_reference_density.csv
##Thermal_diffusivity_Avg
##General_information
#Instrument,#LFA_457
#Identity,pellet 7
#Material,Pyroceram
#Ref_temperature /C,25.0
#Ref_density /(g/cm^3),2.600
#Sample,pellet 7 of a telluride
#Cp_table,pyroceram9606.cpe
##Results
#Shot number,#Temperature/C,#Diffusivity/(mm^2/s),#Std_Dev/(mm^2/s),#Uncertainty/%
1..2..3,30.0,0.880,0.001,0.1
4..5..6,100.0,0.810,0.002,0.1
== lfa_std_row.csv
##General_information
#Material,made up
#Ref_density /(g/cm^3),5.10
##Results
#Shot_number,#Temperature/C,#Model,#Diffusivity/(mm^2/s)
1,25.1,Cape-Lehman,0.701
2,25.3,Cape-Lehman,0.705
#Mean,25.2,,0.703
#Std_Dev,0.1,,0.003
3,125.0,Cape-Lehman,0.652
4,125.2,Cape-Lehman,0.656
#Mean,125.1,,0.654
#Std_Dev,0.1,,0.003
== lfa_de.csv
#Temperature/°C;Diffusivity/(mm^2/s);Std_Dev/(mm^2/s);Cp/(J/gK);Conductivity/(W/mK)
25,0;0,601;0,003;0,42;1,21
100,2;0,560;0,003;0,43;1,15
200,1;0,521;0,003;0,44;1,10
== na_cells.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)
300,151,1210,1.61
350,163,N/A,1.53
400,176,980,NaN
450,181,900,1.46
== star_odd.csv
SID,DOI,composition,sample_id,figure_id,figure_name,prop_x,prop_y,unit_x,unit_y,x,y
11,10.1000/aaa,A2B3,1,1,2(a),Temperature,Seebeck coefficient,K,V*K^(-1),"[300,350,400]","[0.000151,¬
0.000163,0.000176]"
11,10.1000/aaa,A2B3,1,2,2(b),Inverse temperature,Electrical resistivity,K^(-1),ohm*m,"[0.00333,¬
0.002857,0.0025]","[8.2e-6,9.1e-6,1.02e-5]"
11,10.1000/aaa,A2B3,1,5,2(b),Temperature,Electrical conductivity,K,S*m^(-1),"[300,350,400]",¬
"[121000,109000,null]"
11,10.1000/aaa,A2B3,1,3,2(c),Temperature,Thermal conductivity,K,W*m^(-1)*K^(-1),"[300,350,400]",¬
"[1.61,1.53,1.47]"
11,10.1000/aaa,A2B3,1,4,2(c),Temperature,Lattice thermal conductivity,K,W*m^(-1)*K^(-1),"[300,350,¬
400]","[0.91,0.83,0.77]"
11,10.1000/aaa,A2B3,1,6,2(f),Temperature,Thermal conductivity,K,W*m^(-1)*K^(-1),"[310,360,410]",¬
"[1.81,1.73,1.67]"
== dkappa.csv
T (K),S (uV/K),sigma (S/cm),D (mm2/s),Cp (J/gK),density (g/cm3)
300,-168,1105,0.9,0.17,7.8
400,-193,851,0.85,0.17,7.8
500,-210,684,0.8,0.17,7.8
600,-215,600,0.8,0.17,7.8
== pf_not_sigma.csv
T (K),S (uV/K),PF (uW/cm/K2),kappa (W/m/K)
300,151,27.6,1.61
350,163,29.0,1.53
400,176,30.4,1.47
== unit_mojibake.csv
T (Â°C),S (ÂµV/K),sigma (S/cm),kappa (W/mK)
25,151,1210,1.61
75,163,1090,1.53
125,176,980,1.47
== thousands.csv
T (K);S (uV/K);sigma (S/m);kappa (W/m/K)
300;151;121,000;1.61
350;163;109,000;1.53
400;176;98,000;1.47
== sigma_rho_both.csv
T (K),S (uV/K),sigma (S/cm),rho (mohm cm),kappa (W/m/K)
300,151,1210,0.85,1.61
350,163,1090,0.92,1.53
400,176,980,1.02,1.47
== sample_formula.csv
Formula,temperature(K),seebeck_coefficient(μV/K),electrical_conductivity(S/m),¬
thermal_conductivity(W/mK),power_factor(W/mK2),ZT,reference
A2B3,300,151,121000,1.61,,0.51,10.1000/a
A2B3,350,163,109000,1.53,,0.66,10.1000/a
A2B3,400,176,98000,1.47,,0.83,10.1000/a
C1D1,300,-120,151000,2.61,,0.25,10.1000/b
C1D1,350,-133,139000,2.53,,0.34,10.1000/b
C1D1,400,-146,128000,2.47,,0.44,10.1000/b
== two_papers.csv
sample,T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),DOI
A2B3,300,151,1210,1.61,10.1000/a
A2B3,400,176,980,1.47,10.1000/a
A2B3,310,141,1410,1.81,10.1000/b
A2B3,410,166,1080,1.67,10.1000/b
== series_messy.csv
Sample ID,Temperature (C),Seebeck coefficient (uV/K),Electrical conductivity (S/cm),Thermal ¬
conductivity (W/mK),Carrier conc. (10^19 cm-3)
PbTe-Na 1%,27,78.1,2105,3.10,4.1
PbTe-Na 1%,177,142,930,2.15,n/a
PbTe-Na 1%,227,163,702,1.95,-
PbTe-Na 2%,27,60.1,3105,3.90,8.3
PbTe-Na 2%,177,118,1390,2.65,
PbTe-Na 2%,227,138,1052,2.35,
== percent_col.csv
T (K),S (uV/K),S err (%),sigma (S/cm),err,kappa (W/m/K),±
300,151,5,1210,60,1.61,0.1
350,163,5,1090,55,1.53,0.1
400,176,5,980,50,1.47,0.1
== heatcool.csv
T (°C),S (uV/K),rho (mOhm cm),Run
30,-168.2,0.905,heating
100,-180.1,1.030,heating
200,-198.7,1.250,heating
300,-209.9,1.480,heating
250,-204.8,1.362,cooling
150,-190.3,1.140,cooling
50,-172.0,0.940,cooling
== dup.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/mK)
300,-168,1105,1.52
300,-169,1101,1.52
400,-193,851,1.38
400,-194,849,1.38
500,-210,684,1.36
== dup_T.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)
300,151,1210,1.61
300,152,1200,1.60
350,163,1090,1.53
400,176,980,1.47
== order_falling.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)
400,-176,980,1.47
350,-163,1090,1.53
300,-151,1210,1.61
== origin.csv
T,S,T,sigma,T,kappa
K,uV/K,K,S/cm,K,W/(m K)
,ZEM-3,,ZEM-3,,LFA
303,-168.2,303,1105,298,1.52
323,-172.9,323,1052,348,1.44
373,-187.3,373,905,398,1.38
423,-198.1,423,801,448,1.35
473,-206.3,473,722,498,1.355
== blocks.csv
# Sample A
T (K),S (uV/K),sigma (S/cm),kappa (W/mK)
300,-168,1105,1.52
400,-193,851,1.38
500,-210,684,1.36

# Sample B
T (K),S (uV/K),sigma (S/cm),kappa (W/mK)
300,-150,1305,1.62
400,-173,951,1.48
500,-190,784,1.46
== wide_pairs.csv
T (K),S (uV/K),T (K),sigma (S/cm),T (K),kappa (W/m/K)
300,151,305,1200,298,1.61
350,163,355,1080,348,1.53
400,176,405,975,398,1.47
,,,,448,1.45
== pm.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/mK)
300,168 ± 5,1105,1.52
400,193 ± 6,851,1.38
500,210,684,1.36
== unit_first_line.csv
# T in K, S in uV/K
T,S,sigma,kappa
@
== units_row_brackets.csv
T,S,sigma,kappa
[K],[uV/K],[S/cm],[W/m/K]
@
== header_comment.txt
# T[K] sigma[S/cm] S[uV/K] kappa[W/(m.K)]
300.0 1210 151 1.61
350.0 1090 163 1.53
400.0 980 176 1.47
== header_comment_tab.txt
#T[K]¦sigma[S/cm]¦S[uV/K]¦kappa[W/(m.K)]
300¦1210¦151¦1.61
350¦1090¦163¦1.53
400¦980¦176¦1.47
== spaces.txt
T(K)  S(uV/K)  sigma(S/cm)  kappa(W/mK)
300.0   151   1210   1.61
350.0   163   1090   1.53
400.0   176   980    1.47
== a_zem.csv
T (K),S (uV/K),sigma (S/cm)
300,-168,1105
400,-193,851
500,-210,684
== a_lfa.csv
T (K),kappa (W/mK)
300,1.52
400,1.38
500,1.36
== nokappa.csv
T (K),S (uV/K),sigma (S/cm)
300,-168,1105
350,-181,968
400,-193,851
450,-203,757
== zem_ok.txt
made up
Measurement temp.(C)¦Resistivity(Ohm m)¦Seebeck coeff.(V/K)¦R^2 by Seebeck
26.1¦1.30E-5¦-2.10E-4¦0.9999
124.8¦1.52E-5¦-2.31E-4¦0.9998
224.9¦1.80E-5¦-2.50E-4¦0.9997
== zem3.txt
ZEM-3 ULVAC¦Sample: NbFeSb_01
Width(mm)¦2.95¦Thickness(mm)¦3.01¦Length between probes(mm)¦6.02
No.¦Set temp.(C)¦Measurement temp.(C)¦Resistivity(Ohm m)¦Seebeck coefficient(V/K)¦Power factor(W/mK2)
1¦50¦51.2¦1.20E-6¦-1.12E-4¦1.0e-2
2¦50¦51.3¦1.21E-6¦-1.13E-4¦1.0e-2
3¦50¦51.3¦1.20E-6¦-1.12E-4¦1.0e-2
4¦100¦100.9¦1.35E-6¦-1.21E-4¦1.0e-2
5¦100¦101.0¦1.35E-6¦-1.22E-4¦1.0e-2
6¦200¦200.8¦1.60E-6¦-1.33E-4¦1.0e-2
7¦300¦300.8¦1.85E-6¦-1.44E-4¦1.0e-2
8¦250¦250.8¦1.72E-6¦-1.39E-4¦1.0e-2
9¦150¦150.8¦1.48E-6¦-1.28E-4¦1.0e-2
== zem_failedpoint.txt
made up
Measurement temp.(C)¦Resistivity(Ohm m)¦Seebeck coeff.(V/K)¦R^2 by Seebeck
26.1¦1.30E-5¦-2.10E-4¦0.9999
124.8¦1.52E-5¦-2.31E-4¦0.9998
224.9¦1.80E-5¦NaN¦0.31
== zem_trailing.txt
made up
Measurement temp.(C)¦Resistivity(Ohm m)¦Seebeck coeff.(V/K)¦R^2 by Seebeck
26.1¦1.30E-5¦-2.10E-4¦0.9999
124.8¦1.52E-5¦-2.31E-4¦0.9998
224.9¦1.80E-5¦-2.50E-4¦0.9997
Sample length¦8.0 mm
Comment¦ok
== lsr.txt
Time (min)¦Temperature (C)¦Temperature Gradient (C)¦Resistivity (uOhm * m)¦Relative Seebeck ¬
Coefficient (uV/K)
10¦50.1¦8.2¦8.10¦148.2
30¦100.3¦8.9¦9.00¦159.1
60¦150.2¦9.4¦10.1¦171.0
== hall_lakeshore.txt
[Sample parameters]
Sample Type:¦van der Pauw
Hall Factor =¦1.0
Thickness =¦1.8 [µm]
L =¦15.0 [mm]
made-up-1
[Measurements]
<Step 3: Variable Field Measurement>
Start Time:¦06/02/22 10:37:56

Field [G]¦Hall Coefficient [cm^3/C]¦Resistivity [ohm*cm]¦Carrier Density [1/cm^3]¦Mobility [cm^2/VS]
5.0E+3¦-1.2E-1¦3.0E-3¦-5.2E+19¦4.0E+1
1.0E+4¦-1.21E-1¦3.01E-3¦-5.15E+19¦4.02E+1
== hall_Rxy.csv
B (T),R_xy (mohm)
-1,-0.190
-0.5,-0.052
0.5,0.249
1,0.400
== hall_series.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)
300,91,480,1.9
350,103,455,1.8
400,115,430,1.7
450,126,405,1.65
500,136,380,1.6
== hall_T.csv
sample temp (C),resistivity (mOhm*cm),Hall coefficient (cm^3/C),carrier density (10^18 cm^-3)
25.0,1.50,0.104,60.0
75.0,1.62,0.102,61.2
== bt1.trace
#       Ef[Ry] T [K]            N         DOS(Ef)           S             s/t               R_H     ¬
   kappa0         c                 chi
0.30000000 300.0000 -1.21004090e-01 1.0 1.97322860e-04 1.02000000e+20 1e-9 6.12000000e+14 1.0 1e-9
0.30000000 400.0000 -1.21004090e-01 1.0 1.97322860e-04 1.02000000e+20 1e-9 8.16000000e+14 1.0 1e-9
== hall_gauss.csv
Field [G],Voltage [V],Current [A]
-10000,-1.90e-6,0.01
-5000,-0.52e-6,0.01
5000,2.49e-6,0.01
10000,4.00e-6,0.01
== hall_oe.csv
Magnetic Field (Oe),V (uV),I (mA)
-10000,-1.90,10
-5000,-0.52,10
5000,2.49,10
10000,4.00,10
== kappa_l_only.csv
T (K),S (uV/K),sigma (S/cm),k_L (W/m/K)
300,151,1210,0.9
350,163,1090,0.85
400,176,980,0.82
== harmful_advice.csv
T (K),Rel. Seebeck (uV/K),Field [G],PF (uW/cm/K2),k_L (W/m/K),u Ohm (u Ohm*m)
300,148,10,27,0.9,8.1
350,159,10,28,0.8,9.0
== unit_cels.csv
T (C),S (uV/K),sigma (S/cm),kappa (W/m/K)
25,-151,1210,1.61
75,-163,1090,1.53
125,-176,980,1.47
== unit_cjk.csv
T (℃),S (μV·K⁻¹),σ (10⁴ S/m),κ (W·m⁻¹·K⁻¹)
25,151,12.1,1.61
75,163,10.9,1.53
125,176,9.8,1.47
== unit_scale.csv
T (K),S (uV/K),sigma (10^5 S/m),kappa (W/mK)
300,151,1.21,1.61
350,163,1.09,1.53
400,176,0.98,1.47
== unit_words.csv
Temperature [K],Seebeck coefficient [microV/K],Electrical resistivity [mOhm.cm],Thermal ¬
conductivity [W m^-1 K^-1]
300,151,0.82,1.61
350,163,0.91,1.53
400,176,1.02,1.47
== latex.csv
$T$ (K),$S$ ($\mu$V K$^{-1}$),$\sigma$ (S cm$^{-1}$),$\kappa$ (W m$^{-1}$ K$^{-1}$)
@
== kappa_mW.csv
T (K),S (uV/K),sigma (1/(ohm cm)),kappa (mW/cm/K)
300,151,1210,16.1
350,163,1090,15.3
400,176,980,14.7
== wcmk.csv
T (K),S (μV K−1),ρ (μΩ m),κ (W m−1 K−1)
300,151,8.2,1.61
350,163,9.1,1.53
400,176,10.2,1.47
== lowT.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)
50,-21,4057,6.1
100,-40,3887,5.6
150,-61,3683,5.1
200,-106,3451,5.6
250,-150,3177,5.9
300,-170,2900,5.9
== joined_zero_std.csv
T (K),S (uV/K),S_std (%),sigma (S/cm),sigma_std (%),kappa (W/(m K)),kappa_std (W/(m K))
298.34999999999997,151,5,1210,5,0.8963249999999998,0.0
398.25,176,5,980,5,0.83385,0.0
450,181,5,900,5,0.8,0.0
== hall_lost_factor.csv
T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),n_H (cm^-3)
300,151,1210,1.61,5.1
350,163,1090,1.53,5.2
400,176,980,1.47,5.3
450,186,890,1.44,5.4
== ageing.csv
metal,t (h),T (°C),rho_c (µΩ cm²),std (µΩ cm²)
A1,0,280,18.4,1.0
A1,72,280,13.2,0.9
A1,168,280,10.4,0.8
A1,360,280,8.8,0.7
A1,720,280,8.1,0.7
B2,0,280,5.2,0.5
B2,12,280,640,45
C3,0,280,9.5,0.8
C3,168,280,14.0,1.0
C3,360,280,19.2,1.4
C3,720,280,27.8,2.0
== tlm_IV.csv
d (um),I (A),V (V)
5,0.001,0.00562
10,0.001,0.00805
20,0.001,0.0131
== tlm_v.csv
Gap [µm];Resistance [kΩ]
5;5,62
10;8,05
20;13,1
40;23,0
80;43,1
== tlm.csv
Gap (µm);R (Ω)
5;5,62
10;8,05
20;13,1
40;23,0
80;43,1
== tlm_nounit.csv
spacing,R
5,5.62
10,8.05
20,13.1
== tlm_negative.csv
d (um),R (ohm)
5,4.62
10,9.85
20,20.1
40,40.4
80,81.1
"""


def texts():
    """The text of every file by its name."""
    joined = TEXTS.replace("¬\n", "").replace("¦", "\t").replace("\n@", "\n" + THREE)
    return dict(re.findall(r"^== (\S+)\n(.*?)(?=^== |\Z)", joined, re.M | re.S))
