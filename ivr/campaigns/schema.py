"""What the database itself sees to: no target without that person's consent for the campaign's purpose."""

from sqlalchemy import DDL, Table, event

from ivr.campaigns.rows import Target

# PostgreSQL looks at all rows of an INSERT at once, as a million row-level checks would cost minutes, and looks up each
# by its key, as it cannot know how many there are. An UPDATE is looked at only where it names what matters.
POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION target_insert_check() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM added
        LEFT JOIN campaign ON campaign.id = added.campaign_id
        LEFT JOIN consent ON consent.id = added.consent_id
            AND consent.person_id = added.person_id AND consent.purpose = campaign.purpose
        WHERE consent.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a target needs the consent of its own person, for the purpose of its campaign'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE TRIGGER target_insert_check AFTER INSERT ON target
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION target_insert_check()
""",
    """
CREATE OR REPLACE FUNCTION target_update_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM campaign
        JOIN consent ON consent.id = NEW.consent_id
            AND consent.person_id = NEW.person_id AND consent.purpose = campaign.purpose
        WHERE campaign.id = NEW.campaign_id
    ) THEN
        RAISE EXCEPTION 'a target needs the consent of its own person, for the purpose of its campaign'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER target_update_check BEFORE UPDATE OF campaign_id, person_id, consent_id ON target
FOR EACH ROW EXECUTE FUNCTION target_update_check()
""",
    """
CREATE OR REPLACE FUNCTION campaign_purpose_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.purpose <> OLD.purpose AND EXISTS (SELECT 1 FROM target WHERE target.campaign_id = OLD.id) THEN
        RAISE EXCEPTION 'the purpose of a campaign that has targets cannot be changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER campaign_purpose_check BEFORE UPDATE OF purpose ON campaign
FOR EACH ROW EXECUTE FUNCTION campaign_purpose_check()
""",
)
SQLITE = (
    """
CREATE TRIGGER target_insert_check BEFORE INSERT ON target FOR EACH ROW
WHEN NOT EXISTS (
    SELECT 1 FROM consent WHERE id = NEW.consent_id AND person_id = NEW.person_id
        AND purpose = (SELECT purpose FROM campaign WHERE id = NEW.campaign_id)
)
BEGIN SELECT RAISE(ABORT, 'a target needs the consent of its own person, for the purpose of its campaign'); END
""",
    """
CREATE TRIGGER target_update_check BEFORE UPDATE OF campaign_id, person_id, consent_id ON target FOR EACH ROW
WHEN NOT EXISTS (
    SELECT 1 FROM consent WHERE id = NEW.consent_id AND person_id = NEW.person_id
        AND purpose = (SELECT purpose FROM campaign WHERE id = NEW.campaign_id)
)
BEGIN SELECT RAISE(ABORT, 'a target needs the consent of its own person, for the purpose of its campaign'); END
""",
    """
CREATE TRIGGER campaign_purpose_check BEFORE UPDATE OF purpose ON campaign FOR EACH ROW
WHEN NEW.purpose <> OLD.purpose AND EXISTS (SELECT 1 FROM target WHERE target.campaign_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the purpose of a campaign that has targets cannot be changed'); END
""",
)


def _see_to_it(table: Table) -> None:
    for dialect, statements in (("postgresql", POSTGRESQL), ("sqlite", SQLITE)):
        for statement in statements:
            ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl)


_see_to_it(Target.metadata.tables[Target.__tablename__])
