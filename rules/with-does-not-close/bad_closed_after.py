import sqlite3


def back_up(source, target):
    dst = sqlite3.connect(target)
    try:
        with dst:
            source.backup(dst)
    finally:
        dst.close()


def back_up2(source, target):
    try:
        dst = sqlite3.connect(target)  # expect: connection-not-returned
        with dst:
            dst.execute("DELETE FROM t")
        dst.close()
    except Exception:
        print("no")
