"""The factory: the only file that knows every room. It only wires."""

import os
import secrets
from collections.abc import Mapping

from flask import Flask, render_template
from flask_babel import format_date
from flask_migrate import Migrate
from sqlalchemy.exc import NoResultFound, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.middleware.proxy_fix import ProxyFix

from citizen_portal import resources
from citizen_portal.api.feed import feed
from citizen_portal.api.health import health
from citizen_portal.baseline.indicators import refuse_unknown_questions
from citizen_portal.baseline.resident import outcomes
from citizen_portal.front.streams import MOST_AT_ONCE as MOST_STREAMS
from citizen_portal.municipality import Municipality, bundled_folder, load_municipality
from citizen_portal.municipality.installed import install
from citizen_portal.pages.routes import pages, root
from citizen_portal.pages.well_known import well_known
from citizen_portal.reports.follow import following
from citizen_portal.reports.resident import resident, signs
from citizen_portal.settings import Settings, SettingsError, read_or_create_secrets
from citizen_portal.staff.alike import alike
from citizen_portal.staff.baseline_desk import baseline_desk
from citizen_portal.staff.desk import desk
from citizen_portal.staff.gate import gate, init_gate
from citizen_portal.staff.inbox import staff
from citizen_portal.staff.releases import releases
from citizen_portal.staff.waves import waves
from citizen_portal.storage.engine import db, engine_options
from citizen_portal.storage.shared_commit import init_store_together
from citizen_portal.storage.unit_of_work import StorageUnavailable
from citizen_portal.surveys.letters import letters, short_links
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.representation import refuse_unknown_groups
from citizen_portal.surveys.resident import survey, survey_styles
from citizen_portal.web import language as web_language
from citizen_portal.web.assets import Assets, load_assets
from citizen_portal.web.compression import init_compression
from citizen_portal.web.errors import init_errors
from citizen_portal.web.guard import init_guard
from citizen_portal.web.kept import init_kept_pages
from citizen_portal.web.log import init_log
from citizen_portal.web.throttle import init_throttle
from citizen_portal.web.transport import FORWARDED_MARK, init_transport
from citizen_portal.web.uploads import PortalRequest

# The last one gives the rule of plurals, and only the residents' words exist in every language.
DOMAINS = ("staff", "resident")
BLUEPRINTS = (
    root,
    well_known,
    health,
    feed,
    pages,
    signs,
    resident,
    following,
    letters,
    short_links,
    survey,
    survey_styles,
    outcomes,
    gate,
    staff,
    desk,
    alike,
    waves,
    baseline_desk,
    releases,
)


class Portal(Flask):
    """Flask with a request class that bounds what a body may hold."""

    request_class = PortalRequest


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Build the portal from the environment (``os.environ`` unless given).

    Raises ``SettingsError``, ``MunicipalityError`` or ``MissingCatalogue`` when it could not run soundly.
    """
    settings = Settings.from_environment(os.environ if environ is None else environ)
    municipality = load_municipality(settings.municipality or bundled_folder())
    # A wave opens one of these, and is compared with those: better to learn now that it cannot.
    questionnaires = questionnaires_of(municipality)
    refuse_unknown_groups(municipality, questionnaires)
    if municipality.agreement:
        refuse_unknown_questions(municipality.agreement, questionnaires)
    secret, *earlier = secrets_in_use = read_or_create_secrets(settings.secret_key_file)
    app = Portal(__name__, static_folder=None, template_folder=str(resources.folder("templates")))
    app.config.update(
        PORTAL_SETTINGS=settings,
        PORTAL_SECRET=secret,
        PORTAL_SECRETS=secrets_in_use,
        PORTAL_TIMEZONE=municipality.timezone,
        SECRET_KEY=b"session:" + secret,
        SECRET_KEY_FALLBACKS=[b"session:" + each for each in earlier],
    )
    # A closing slash that was typed, or left out, names the same page.
    app.url_map.strict_slashes = False
    init_log()
    init_compression(app)
    kept = init_kept_pages(app)
    init_guard(app, own_hosts=settings.own_hosts)
    init_throttle(app, redis_url=settings.redis_url, process_key=secrets.token_bytes(32), shared_key=secret[:64])
    _init_storage(app, settings)
    _init_pages(app, municipality, Assets(kept))
    init_gate(app, https=settings.serves_https)
    init_errors(app, {NoResultFound: 404, StorageUnavailable: 503, OperationalError: 503, PoolTimeout: 503})
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _init_transport(app, settings)
    return app


def _init_transport(app: Flask, settings: Settings) -> None:
    """What the connection says, and before that what a trusted proxy says of it."""
    mark = None if settings.trusted_proxies else settings.data_dir / FORWARDED_MARK
    init_transport(app, https=settings.serves_https, mark=mark)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)


def _init_storage(app: Flask, settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"PORTAL_DATA_DIR={settings.data_dir} cannot be made: {error.strerror}") from error
    connections = settings.threads + 1 + MOST_STREAMS
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, connections=connections),
    )
    db.init_app(app)
    init_store_together(app)
    Migrate(app, db, directory=str(resources.PACKAGE / "storage" / "migrations"))


def _init_pages(app: Flask, municipality: Municipality, assets: Assets) -> None:
    """Languages, assets, and the names every template may use."""
    web_language.init_language(
        app,
        languages=municipality.languages,
        catalogues=str(resources.folder("translations")),
        domains=DOMAINS,
    )
    load_assets(
        assets,
        resources.folder("static"),
        accent=municipality.accent,
        accent_dark=municipality.accent_dark,
    )
    assets.add("map.svg", install(app, municipality).tap_map.svg)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(municipality=municipality, asset=assets.address, format_day=format_date)

    @app.context_processor
    def page_language() -> dict[str, object]:
        code = web_language.current_language()
        return {
            "language": code,
            "direction": web_language.direction_of(code),
            "languages": web_language.language_links(),
            "unreviewed_language": code in municipality.unreviewed_languages,
        }

    for code in municipality.languages:
        with app.test_request_context(f"/{code}/"):
            assets.add(f"words-{code}.js", render_template("components/script_words.html").encode())
