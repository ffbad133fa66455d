"""The tables of the domain, one noun a module."""

from lineups.models.attempt import Attempt
from lineups.models.draw import Draw
from lineups.models.export import Export
from lineups.models.face import Face, FaceKind
from lineups.models.job import Job
from lineups.models.lineup import Lineup
from lineups.models.member import Member, MemberRole
from lineups.models.page import Page, PageKind
from lineups.models.photo import Photo, Slot
from lineups.models.predictor import Predictor
from lineups.models.preparation import Preparation
from lineups.models.refinement import Refinement
from lineups.models.worker_status import WorkerStatus

__all__ = [
    "Attempt",
    "Draw",
    "Export",
    "Face",
    "FaceKind",
    "Job",
    "Lineup",
    "Member",
    "MemberRole",
    "Page",
    "PageKind",
    "Photo",
    "Predictor",
    "Preparation",
    "Refinement",
    "Slot",
    "WorkerStatus",
]
