"""The failed requests as a picture, written by hand: one line a service and stack."""

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 50, 150, 20, 40
COLOURS = {"old": "#b2182b", "middle": "#ef8a62", "new": "#762a83"}
CORRECTED = "#1b7837"


def failures(figures: dict) -> str:
    requests = figures["requests"]
    most = max((len(numbers) for numbers in figures["failed"]["leaky"].values()), default=1)
    top = max(20, -(-most // 20) * 20)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *grid(requests, top)]
    for stack, numbers in figures["failed"]["leaky"].items():
        parts += line(numbers, requests, top, COLOURS[stack], f"leaky, {stack}")
    parts += line(max(figures["failed"]["corrected"].values(), key=len), requests, top, CORRECTED, "corrected, all")
    return "\n".join([*parts, "</svg>"]) + "\n"


def x_of(number: int, requests: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * number / requests


def y_of(count: int, top: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * count / top


def grid(requests: int, top: int) -> list[str]:
    parts = []
    for count in range(0, top + 1, top // 4):
        y = y_of(count, top)
        parts += [f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>',
                  f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{count}</text>']
    for number in range(0, requests + 1, requests // 4):
        x = x_of(number, requests)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{number}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [*parts, f'<text x="{middle:.0f}" y="{HEIGHT - 6}" text-anchor="middle">requests sent</text>',
            f'<text x="14" y="{(TOP + HEIGHT - BOTTOM) / 2:.0f}" text-anchor="middle" '
            f'transform="rotate(-90 14 {(TOP + HEIGHT - BOTTOM) / 2:.0f})">requests failed</text>']


def line(numbers: list[int], requests: int, top: int, colour: str, label: str) -> list[str]:
    """How many have failed so far, as steps."""
    points = [(0, 0)]
    for count, number in enumerate(numbers, 1):
        points += [(number, count - 1), (number, count)]
    points.append((requests, len(numbers)))
    path = " ".join(f"{x_of(x, requests):.1f},{y_of(y, top):.1f}" for x, y in points)
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{WIDTH - RIGHT + 6}" y="{y_of(len(numbers), top) + 4:.1f}" fill="{colour}">{label}: {len(numbers)}</text>']
