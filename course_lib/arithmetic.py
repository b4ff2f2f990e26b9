"""Other processors' rounding, imitated on this one: the same training then takes another path.

Processors add the products of a matrix in another order, and so round otherwise. A training is chaotic: after some
hundred steps two roundings are two different runs. A statement about one training is therefore measured in two.
"""

from course_lib.errors import one_of

# MKL_CBWR is what moves MKL on processors that are not Intel's: there it ignores MKL_ENABLE_INSTRUCTIONS.
ARITHMETICS: dict[str, dict[str, str]] = {
    "native": {},
    "avx2": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "MKL_CBWR": "COMPATIBLE",
    },
    "baseline": {
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
        "MKL_CBWR": "COMPATIBLE",
    },
}
RECORDED = ("native", "avx2")  # what `course claims` measures; "baseline" is two to three times slower


def environment(arithmetic: str) -> dict[str, str]:
    """The variables a process must start with to calculate in this arithmetic.

    Args:
        arithmetic: a name of ``ARITHMETICS``.

    Returns:
        Environment variables, name → value; none for "native".

    Raises:
        CourseError: for an unknown name, listing the valid ones.

    Example:
        >>> from course_lib.arithmetic import environment
        >>> environment("native")
        {}
        >>> environment("avx2")["ATEN_CPU_CAPABILITY"]
        'avx2'
    """
    return ARITHMETICS[one_of("arithmetic", arithmetic, ARITHMETICS)]
