// Embedded Swift's Dictionary calls ceil(), and nothing else of ours needs libm. Having it here saves every process that
// loads the library the mapping of another one. Hidden by the version script, so the program's own libm is not touched.
double ceil(double x) {
    // From 2^52 on, and for infinities and NaN, there is nothing to round.
    if (!(x > -4503599627370496.0 && x < 4503599627370496.0)) return x;
    double whole = (double) (long long) x;
    return whole < x ? whole + 1 : whole;
}
