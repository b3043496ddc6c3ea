from sqlalchemy.orm import scoped_session, sessionmaker

from shop import orders_pb2_grpc

registry = scoped_session(sessionmaker())


class Orders(orders_pb2_grpc.OrdersServicer):
    def ListOrders(self, request, context):
        return registry.query(object).all()  # expect: thread-session-not-cleaned

    def CountOrders(self, request, context):
        try:
            return registry.query(object).count()
        finally:
            registry.remove()
