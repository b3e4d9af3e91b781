"""The closed set of measures; each class says in one place when a promise is kept and what it takes."""

from typing import Annotated, get_args

from pydantic import Field

from ivr.charters.measures.callbacks import (
    AgreedTimeKept,
    AppointmentPriority,
    DeficiencyExplained,
    MemoComplete,
    OfficerTexted,
    ReasonTold,
    ReceiptSentWithin,
    ReturnedByOfficer,
    VisitAgreed,
)
from ivr.charters.measures.calls import (
    ClosingSaid,
    CustomerHangsUpFirst,
    CustomerVerified,
    FirstAnswererAnswers,
    IdentityAnnounced,
    RingToAnswer,
    SkilledAgentAnswers,
    TransferAnnounced,
    TransferCompleted,
)
from ivr.charters.measures.cases import (
    AcknowledgedWithin,
    AnsweredOrDirectedWithin,
    AnsweredWithin,
    Apologised,
    CaseRecorded,
    DueDateKept,
    HandlerNotified,
    KindRecorded,
    RatingInvited,
    ResultTold,
    ReviewStartedWithin,
    ToldBeforeSlip,
)
from ivr.charters.measures.centre import ContractSecured, FirmsEligible, RepairsReferenced, SupportTerm
from ivr.charters.measures.periods import (
    BaseFeeCharged,
    BilledByUsage,
    ChangePublished,
    ChannelOpen,
    DataAccessLogged,
    LabourCostSplit,
    PeakStaffed,
    RepeatComplaintsFlagged,
    ReportMade,
    ResultPublished,
    ShareImproved,
    StaffedForLoad,
    SurveyHeld,
)
from ivr.charters.measures.shape import Measure
from ivr.charters.measures.surveys import (
    BilledWhenComplete,
    ConsentHeld,
    FreeOfCharge,
    RatingCredited,
    RequestedByFirm,
    SurveyKindDeclared,
    WithinMonthlyCalls,
)

CallMeasure = (
    RingToAnswer
    | IdentityAnnounced
    | CustomerVerified
    | ClosingSaid
    | CustomerHangsUpFirst
    | SkilledAgentAnswers
    | FirstAnswererAnswers
    | TransferAnnounced
    | TransferCompleted
)
CallbackMeasure = (
    MemoComplete
    | ReasonTold
    | AgreedTimeKept
    | ReturnedByOfficer
    | VisitAgreed
    | AppointmentPriority
    | ReceiptSentWithin
    | OfficerTexted
    | DeficiencyExplained
)
CaseMeasure = (
    AnsweredWithin
    | AnsweredOrDirectedWithin
    | AcknowledgedWithin
    | DueDateKept
    | ToldBeforeSlip
    | Apologised
    | ReviewStartedWithin
    | ResultTold
    | CaseRecorded
    | KindRecorded
    | HandlerNotified
    | RatingInvited
)
SurveyMeasure = (
    RatingCredited
    | RequestedByFirm
    | WithinMonthlyCalls
    | BilledWhenComplete
    | SurveyKindDeclared
    | ConsentHeld
    | FreeOfCharge
)
PeriodMeasure = (
    SurveyHeld
    | ResultPublished
    | ChangePublished
    | ReportMade
    | ChannelOpen
    | ShareImproved
    | PeakStaffed
    | StaffedForLoad
    | RepeatComplaintsFlagged
    | DataAccessLogged
    | BilledByUsage
    | LabourCostSplit
    | BaseFeeCharged
    | SupportTerm
    | FirmsEligible
    | ContractSecured
    | RepairsReferenced
)
AnyMeasure = CallMeasure | CallbackMeasure | CaseMeasure | SurveyMeasure | PeriodMeasure
"""All measures, for an exhaustive `match`."""

NamedMeasure = Annotated[AnyMeasure, Field(discriminator="name")]
"""A measure as a file writes it: a table with its `name` and its parameters."""

MEASURES: tuple[type[Measure], ...] = get_args(AnyMeasure)
