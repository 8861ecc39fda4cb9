"""List prices of AWS with their date: what the costs of a choice are counted with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in one currency. Per million unless said otherwise; `as_of` is their date."""

    region: str
    currency: str
    as_of: str
    write_units: float
    read_units: float
    api_calls: float
    socket_messages: float
    socket_minutes: float
    lambda_gb_seconds: float
    lambda_requests: float
    s3_puts: float
    s3_gets: float
    s3_gb_month: float
    """Per gigabyte and month."""
    queue_requests: float
    traffic_gb: float
    """Per gigabyte sent to the internet."""
    log_gb: float
    """Per gigabyte of logs taken in."""


US_EAST_1 = Prices(
    region="us-east-1",
    currency="USD",
    as_of="2026-11",
    write_units=0.625,
    read_units=0.125,
    api_calls=3.50,
    socket_messages=1.00,
    socket_minutes=0.25,
    lambda_gb_seconds=16.6667,
    lambda_requests=0.20,
    s3_puts=5.00,
    s3_gets=0.40,
    s3_gb_month=0.023,
    queue_requests=0.40,
    traffic_gb=0.09,
    log_gb=0.50,
)
"""Published list prices, without free tiers and volume discounts."""
