import time

import sqlalchemy as sa


class Pool:
    def __init__(self):
        self.engine = sa.create_engine("postgresql://localhost/shop")

    def run(self, with_engine, work, *args):
        start = time.time()
        while True:
            if with_engine:
                arg: sa.engine.Engine | sa.engine.Connection = self.engine
            else:
                arg = self.engine.connect()
            try:
                try:
                    rv = work(arg, *args)
                    assert not isinstance(rv, dict)
                except sa.exc.OperationalError as e:
                    if not self.engine.should_retry(e):
                        raise
                    if time.time() - start > 9:
                        raise
                    time.sleep(1)
                    continue
                except Exception as e:
                    if not isinstance(e, ValueError):
                        print(e)
                    raise
            finally:
                if not with_engine:
                    arg.close()
            break
        return rv
