"""Many trainings at once, on one machine's cores or on a cluster's, by Dask: nothing is lost, nothing done twice."""

from course_lib.cluster.engine import cluster
from course_lib.cluster.results import Results
from course_lib.cluster.sweep import Row, Sweep, sweep

__all__ = ["Results", "Row", "Sweep", "cluster", "sweep"]
